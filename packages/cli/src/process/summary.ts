import { formatAmount, formatBytes, formatDuration, formatRate } from "../terminal/format.ts";
import { plainText } from "../terminal/plain-text.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { renderFailures } from "./render-failures.ts";
import type { RunOutcome } from "./run-batch.ts";

/** The end of a run for a person: what was made, and what was not and why, by cause. */
export function renderSummary(outcome: RunOutcome, outputFolder: string, terminal: Terminal): string {
  const { paint } = terminal;
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
  lines.push(...renderFailures(outcome.failures, "picture", terminal));
  return lines.join("\n");
}
