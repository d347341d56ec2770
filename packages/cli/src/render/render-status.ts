import type { ActiveAlert, QueueSnapshot, Snapshot } from "@imgq/monitor";
import { formatAmount, formatBytes, formatCount, formatDuration } from "../terminal/format.ts";
import type { Paint } from "../terminal/paint.ts";
import { plainText } from "../terminal/plain-text.ts";
import { renderPairs } from "../terminal/table.ts";
import { pad } from "../terminal/width.ts";
import { toneOfState } from "./task-columns.ts";
import { taskStates } from "../vocabulary.ts";

/** The whole system as text: what is wrong, each queue, then workers and Redis. */
export function renderStatus(snapshot: Snapshot, alerts: readonly ActiveAlert[], paint: Paint): string {
  return [
    ...(alerts.length === 0 ? [] : [alerts.map((alert) => alertLine(alert, snapshot.at, paint)).join("\n")]),
    ...snapshot.queues.map((queue) => renderQueue(queue, paint)),
    renderPairs([["workers", workersLine(snapshot, paint)], ...redisLine(snapshot)], paint),
  ].join("\n\n");
}

function alertLine({ severity, summary, firedAt }: ActiveAlert, now: number, paint: Paint): string {
  const since = paint("faint", `for ${formatDuration(Math.max(0, now - firedAt))}`);
  return `${paint(severity === "critical" ? "bad" : "warning", severity)}  ${plainText(summary)}  ${since}`;
}

function renderQueue(queue: QueueSnapshot, paint: Paint): string {
  const { recent, counts } = queue;
  const heading = `${paint("strong", queue.name)}  ${queue.paused ? paint("warning", "paused") : paint("good", "running")}`;
  const numbers = taskStates.map((state) => {
    const tone = counts[state] === 0 ? "faint" : (toneOfState(state) ?? "strong");
    return `  ${paint("faint", pad(state, 11))}${paint(tone, formatCount(counts[state]).padStart(9))}`;
  });
  const facts: (readonly [string, string])[] = [
    ["  oldest pending", queue.oldestPendingAgeMs === 0 ? "–" : formatDuration(queue.oldestPendingAgeMs)],
    ["  throughput", `${formatCount(Math.round(recent.completedPerMinute))} a minute${etaOf(queue)}`],
    ["  failure rate", `${(recent.failureRate * 100).toFixed(1)} %`],
    ["  wait", percentiles(recent.wait)],
    ["  run", percentiles(recent.run)],
  ];
  return [heading, ...numbers, "", renderPairs(facts, paint)].join("\n");
}

function etaOf(queue: QueueSnapshot): string {
  if (queue.backlog === 0) return "";
  return queue.etaMs === undefined ? "" : `, done in about ${formatDuration(queue.etaMs)}`;
}

function percentiles({ p50, p95, p99 }: QueueSnapshot["recent"]["wait"]): string {
  if (p50 === undefined) return "–";
  const rest = [p95, p99].map((value) => (value === undefined ? "–" : formatDuration(value)));
  return `${formatDuration(p50)} (p50), ${rest[0]} (p95), ${rest[1]} (p99)`;
}

function workersLine({ workers }: Snapshot, paint: Paint): string {
  const alive = formatAmount(workers.alive, "worker");
  const dead = workers.byState.dead > 0 ? `, ${paint("bad", `${workers.byState.dead} dead`)}` : "";
  return `${workers.alive === 0 ? paint("warning", "none alive") : `${alive} alive`}${dead}, ${workers.busySlots} of ${formatAmount(workers.slots, "slot")} busy`;
}

function redisLine({ redis }: Snapshot): (readonly [string, string])[] {
  if (redis?.reachable !== true) return [];
  const limit = redis.maxMemoryBytes === 0 ? "" : ` of ${formatBytes(redis.maxMemoryBytes)}`;
  return [
    [
      "redis",
      `${redis.server} ${redis.version}, ${redis.roundTripMs.toFixed(1)} ms away, ${formatBytes(redis.usedMemoryBytes)}${limit} in use`,
    ],
  ];
}
