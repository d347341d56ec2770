import type { TaskInHand, WorkerRecord } from "@imgq/registry";
import { formatAmount, formatBytes, formatCount, formatDuration, formatInstant } from "../terminal/format.ts";
import { plainText } from "../terminal/plain-text.ts";
import { renderPairs, renderTable, type TableOptions } from "../terminal/table.ts";
import { beatOf, slotsOf, toneOfWorker } from "./worker-columns.ts";

/** Everything that is known of one worker: its vitals, then the tasks it has in hand. */
export function renderWorker(worker: WorkerRecord, options: TableOptions): string {
  const { paint } = options;
  const { metadata, vitals } = worker;
  const versions = Object.entries(metadata.versions).map(([name, version]) => `${name} ${version}`);
  const labels = Object.entries(metadata.labels ?? {}).map(([name, value]) => `${name}=${value}`);
  const tone = toneOfWorker(worker.state);
  const pairs: (readonly [string, string])[] = [
    ["worker", paint("strong", plainText(worker.id))],
    ["state", tone === undefined ? worker.state : paint(tone, worker.state)],
    [worker.alive ? "last beat" : "ended", plainText(beatOf(worker))],
    ["runs on", plainText(`${metadata.hostname}, process ${metadata.pid}`)],
    ["since", formatInstant(worker.registeredAt)],
    ["queues", plainText(metadata.queues.join(", "))],
    ["versions", plainText(versions.join(", "))],
  ];
  if (labels.length > 0) pairs.push(["labels", plainText(labels.join(", "))]);
  if (vitals === undefined) return renderPairs(pairs, paint);
  const { totals, memory, eventLoopDelayMs } = vitals;
  pairs.push(
    ["slots", `${slotsOf(worker)} busy`],
    ["completed", formatCount(totals.completed)],
    ["failed", `${formatCount(totals.failed)}, of them ${formatCount(totals.retried)} retried`],
    ["given back", `${totals.released} released, ${totals.lost} lost`],
    ["pace", `${formatAmount(Math.round(vitals.tasksPerMinute), "attempt")} ended in the last minute`],
    ["processor", `${Math.round(vitals.cpuPercent)} % of a core`],
    [
      "memory",
      `${formatBytes(memory.rssBytes)} (heap ${formatBytes(memory.heapUsedBytes)}, external ${formatBytes(memory.externalBytes)})`,
    ],
    [
      "event loop",
      `late by ${formatDuration(eventLoopDelayMs.p50)} (p50), ${formatDuration(eventLoopDelayMs.p99)} (p99)`,
    ],
  );
  if (vitals.redisRoundTripMs !== undefined)
    pairs.push(["Redis", `${vitals.redisRoundTripMs.toFixed(1)} ms away`]);
  if (vitals.lastError !== undefined) pairs.push(["last error", paint("bad", plainText(vitals.lastError))]);
  const tasks = vitals.tasks.length === 0 ? "" : `\n\n${renderTasks(vitals.tasks, options)}`;
  return renderPairs(pairs, paint) + tasks;
}

function renderTasks(tasks: readonly TaskInHand[], options: TableOptions): string {
  return renderTable(
    tasks,
    [
      { title: "TASK IN HAND", text: (task) => task.id },
      { title: "QUEUE", text: (task) => task.queue },
      { title: "ATTEMPT", text: (task) => String(task.attempt), align: "right" },
      { title: "FOR", text: (task) => formatDuration(task.elapsedMs), align: "right" },
    ],
    options,
  );
}
