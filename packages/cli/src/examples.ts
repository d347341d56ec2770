/** The examples under a command's help: what somebody wants, and the line that does it. */
export function examples(...pairs: readonly (readonly [intent: string, line: string])[]): string {
  return `\nExamples:\n${pairs.map(([intent, line]) => `  # ${intent}\n  $ ${line}`).join("\n\n")}`;
}
