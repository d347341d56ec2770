/** A Redis address that may be shown: its password replaced by `***`. */
export function redactUrl(url: string): string {
  return url.replace(/^([a-z]+:\/\/[^:@/]*):[^@]*@/i, "$1:***@").replace(/([?&]password=)[^&]*/i, "$1***");
}
