import { formatAmount } from "../terminal/format.ts";
import { plainText } from "../terminal/plain-text.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { type Failure, groupFailures } from "./group-failures.ts";

/** Files named for each cause; JSON has all. */
const shownFiles = 5;

/** Failures by cause, with the first files of each. `what` is one of the things counted: "picture". */
export function renderFailures(failures: readonly Failure[], what: string, { paint }: Terminal): string[] {
  return groupFailures(failures).flatMap(({ cause, message, failures: alike }) => {
    const more = alike.length - shownFiles;
    return [
      `${paint("bad", "✗")} ${formatAmount(alike.length, what)} failed: ${plainText(message)} ${paint("faint", cause)}`,
      ...alike.slice(0, shownFiles).map(({ input }) => `    ${plainText(input)}`),
      ...(more > 0 ? [paint("faint", `    … and ${more} more`)] : []),
    ];
  });
}
