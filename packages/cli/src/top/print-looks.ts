import { sleep } from "@imgq/core";
import type { Monitor, QueueSnapshot, Snapshot } from "@imgq/monitor";
import { formatAmount, formatDuration, formatInstant } from "../terminal/format.ts";
import type { Terminal } from "../terminal/terminal.ts";

export interface PrintLooksOptions {
  readonly intervalMs: number;
  /** Looks until the end. @default until `signal` aborts */
  readonly count?: number | undefined;
  readonly signal: AbortSignal;
}

/** The live view without a terminal: one line, or one JSON object, a look. */
export async function printLooks(
  monitor: Monitor,
  terminal: Terminal,
  options: PrintLooksOptions,
): Promise<void> {
  for (let looks = 1; !options.signal.aborted; looks += 1) {
    const snapshot = await monitor.snapshot();
    terminal.showLine(snapshot, () => linesOf(snapshot).join("\n"));
    if (looks === options.count) return;
    await sleep(options.intervalMs, options.signal);
  }
}

/** A line for each queue, which then begins with its name; one for all that cannot be read. */
function linesOf({ at, redis, queues, workers }: Snapshot): string[] {
  const time = formatInstant(at);
  if (redis?.reachable === false) return [`${time}  Redis is unreachable: ${redis.error.message}`];
  if (queues.length === 0) return [`${time}  the queue could not be read`];
  const said = queues.map((queue) => `${time}  ${queues.length > 1 ? `${queue.name}  ` : ""}`);
  return queues.map((queue, index) => `${said[index]}${factsOf(queue, workers.alive)}`);
}

function factsOf(queue: QueueSnapshot, alive: number): string {
  const { pending, processing, scheduled, completed, dead } = queue.counts;
  const parts = [
    ...(queue.paused ? ["paused"] : []),
    `pending ${pending}`,
    `scheduled ${scheduled}`,
    `processing ${processing}`,
    `completed ${completed}`,
    `dead ${dead}`,
    `${Math.round(queue.recent.completedPerMinute)}/min`,
    formatAmount(alive, "worker"),
    ...(queue.oldestPendingAgeMs === 0 ? [] : [`oldest ${formatDuration(queue.oldestPendingAgeMs)}`]),
  ];
  return parts.join(" · ");
}
