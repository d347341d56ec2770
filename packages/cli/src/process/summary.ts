import { formatAmount, formatBytes, formatDuration, formatRate } from "../terminal/format.ts";
import { plainText } from "../terminal/plain-text.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { groupFailures } from "./group-failures.ts";
import type { RunOutcome } from "./run-batch.ts";

/** Files named for each cause; JSON has all. */
const shownFiles = 5;

/** The end of a run for a person: what was made, and what was not and why, by cause. */
export function renderSummary(outcome: RunOutcome, outputFolder: string, { paint }: Terminal): string {
  const { succeeded, skipped, notDone, elapsedMs, imagesPerSecond } = outcome;
  const bytes = outcome.outputs.reduce((sum, output) => sum + output.bytes, 0);
  const made = `${formatAmount(succeeded, "picture")} in ${formatDuration(elapsedMs)}`;
  const lines = [
    succeeded === 0
      ? "No pictures made."
      : `${paint("good", "✓")} ${made} (${formatRate(imagesPerSecond)}, ${formatBytes(bytes)}) in ${plainText(outputFolder)}`,
  ];
  if (skipped > 0)
    lines.push(`  ${formatAmount(skipped, "picture")} finished already (--force makes them again)`);
  if (notDone > 0) lines.push(`${paint("warning", "!")} ${formatAmount(notDone, "picture")} not done`);
  for (const group of groupFailures(outcome.failures)) {
    const count = formatAmount(group.inputs.length, "picture");
    lines.push(
      `${paint("bad", "✗")} ${count} failed: ${plainText(group.message)} ${paint("faint", group.cause)}`,
    );
    lines.push(...group.inputs.slice(0, shownFiles).map((input) => `    ${plainText(input)}`));
    if (group.inputs.length > shownFiles)
      lines.push(paint("faint", `    … and ${group.inputs.length - shownFiles} more`));
  }
  return lines.join("\n");
}
