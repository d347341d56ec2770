import { type Clock, InvalidOptionError, type Logger, SECOND } from "@imgq/core";
import type { RedisSource } from "@imgq/core/redis";
import type { Queue } from "@imgq/queue";
import type { Registry } from "@imgq/registry";

export interface MonitorOptions {
  readonly queues: readonly Queue[];
  /** @default undefined: snapshots show no workers */
  readonly registry?: Registry;
  /** The Redis to report on. @default that of the first queue that has one, else of the registry; none in memory */
  readonly redis?: RedisSource;
  /** Milliseconds after which a part of the system that has not answered counts as unreachable. @default 1500 */
  readonly deadlineMs?: number;
  /** @default silent */
  readonly log?: Logger;
  /** For tests. @default the system's */
  readonly clock?: Clock;
}

/** What an option is when it is left out. */
export const monitorDefaults: Required<Pick<MonitorOptions, "deadlineMs">> = { deadlineMs: 1.5 * SECOND };

/** The Redis that `options` mean; undefined when everything is in memory. */
export function redisOf(options: MonitorOptions): RedisSource | undefined {
  return (
    options.redis ??
    options.queues.find((queue) => queue.redis !== undefined)?.redis ??
    options.registry?.redis
  );
}

/** Refuses what cannot work, before anything is opened. */
export function checkMonitorOptions(options: MonitorOptions): void {
  const { deadlineMs = monitorDefaults.deadlineMs } = options;
  if (!Number.isFinite(deadlineMs) || deadlineMs < 50) {
    throw new InvalidOptionError("deadlineMs", "be at least 50", deadlineMs, "Leave it out for 1500.");
  }
  const names = options.queues.map((queue) => queue.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InvalidOptionError("queues", "have names of their own", twice, "Pass each queue once.");
  }
}
