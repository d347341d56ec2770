import { MINUTE } from "@imgq/core";
import { type Buckets, percentilesOf } from "./histogram.ts";
import type { QueueStats } from "./queue.ts";

/** Minutes that `stats` looks back. */
export const RECENT_MINUTES = 5;

/** What was counted in one minute. */
export interface SeriesMinute {
  readonly completed: number;
  readonly failed: number;
  readonly wait: Buckets;
  readonly run: Buckets;
}

/** The number of the minute that holds an instant; names the series' keys. */
export function minuteOf(at: number): number {
  return Math.floor(at / MINUTE);
}

/** Rates and percentiles over the last minutes, the running one among them. */
export function recentOf(minutes: readonly SeriesMinute[], now: number): QueueStats["recent"] {
  const windowMs = (RECENT_MINUTES - 1) * MINUTE + (now % MINUTE);
  const perMinute = (count: number): number => (windowMs === 0 ? 0 : (count * MINUTE) / windowMs);
  const completed = sum(minutes, (minute) => minute.completed);
  const failed = sum(minutes, (minute) => minute.failed);
  return {
    windowMs,
    completedPerMinute: perMinute(completed),
    failedPerMinute: perMinute(failed),
    failureRate: completed + failed === 0 ? 0 : failed / (completed + failed),
    wait: percentilesOf(merged(minutes.map((minute) => minute.wait))),
    run: percentilesOf(merged(minutes.map((minute) => minute.run))),
  };
}

export function merged(parts: readonly Buckets[]): Buckets {
  const all: Buckets = new Map();
  for (const part of parts)
    for (const [bucket, count] of part) all.set(bucket, (all.get(bucket) ?? 0) + count);
  return all;
}

function sum(minutes: readonly SeriesMinute[], count: (minute: SeriesMinute) => number): number {
  return minutes.reduce((total, minute) => total + count(minute), 0);
}
