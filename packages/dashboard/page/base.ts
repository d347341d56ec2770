const base = document.querySelector<HTMLMetaElement>('meta[name="imgq-base"]')?.content ?? "";

/** An address of the server, wherever it is mounted. */
export function at(path: string): string {
  return base + path;
}
