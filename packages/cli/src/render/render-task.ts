import type { Attempt, Task } from "@imgq/queue";
import { formatDuration, formatInstant } from "../terminal/format.ts";
import { plainText } from "../terminal/plain-text.ts";
import { renderPairs, renderTable, type TableOptions } from "../terminal/table.ts";
import { attemptsOf, toneOfState } from "./task-columns.ts";

/** Everything that is known of one task: its fields, then its attempts. */
export function renderTask(task: Task, options: TableOptions): string {
  const { paint } = options;
  const tone = toneOfState(task.state);
  const state = tone === undefined ? task.state : paint(tone, task.state);
  const pairs: (readonly [string, string])[] = [
    ["task", paint("strong", task.id)],
    ["queue", task.queue],
    ["state", task.deadReason === undefined ? state : `${state} (${task.deadReason})`],
    ["attempt", `${attemptsOf(task)}${task.crashes > 0 ? `, and ${task.crashes} workers died over it` : ""}`],
    ["priority", task.priority],
    ["timeout", formatDuration(task.timeoutMs)],
    ["added", formatInstant(task.addedAt)],
  ];
  if (task.dueAt !== undefined && task.state === "scheduled") pairs.push(["due", formatInstant(task.dueAt)]);
  if (task.claimedAt !== undefined) pairs.push(["claimed", formatInstant(task.claimedAt)]);
  if (task.finishedAt !== undefined) pairs.push(["finished", formatInstant(task.finishedAt)]);
  if (task.worker !== undefined) pairs.push(["worker", plainText(task.worker)]);
  if (task.progress !== undefined) {
    pairs.push([
      "progress",
      `${Math.round(task.progress.fraction * 100)} % ${plainText(task.progress.note ?? "")}`,
    ]);
  }
  if (task.lastError !== undefined)
    pairs.push(["last error", paint("bad", plainText(task.lastError.message))]);
  pairs.push(["payload", plainText(JSON.stringify(task.payload))]);
  if (task.result !== undefined) pairs.push(["result", plainText(JSON.stringify(task.result))]);
  const attempts = task.attempts.length === 0 ? "" : `\n\n${renderAttempts(task.attempts, options)}`;
  return renderPairs(pairs, paint) + attempts;
}

function renderAttempts(attempts: readonly Attempt[], options: TableOptions): string {
  return renderTable(
    attempts,
    [
      { title: "ATTEMPT", text: (one) => String(one.attempt), align: "right" },
      { title: "STARTED", text: (one) => formatInstant(one.startedAt) },
      { title: "TOOK", text: (one) => formatDuration(one.endedAt - one.startedAt), align: "right" },
      {
        title: "OUTCOME",
        text: (one) => one.outcome,
        tone: (one) =>
          one.outcome === "completed" ? "good" : one.outcome === "released" ? undefined : "bad",
      },
      { title: "WORKER", text: (one) => one.worker },
      { title: "ERROR", text: (one) => one.error?.message ?? "", flexible: true },
    ],
    options,
  );
}
