import { MINUTE, SECOND } from "@imgq/core";
import { type Buckets, percentilesOf } from "./histogram.ts";
import type { QueueStats } from "./queue.ts";

/** Minutes that `stats` looks back. */
export const RECENT_MINUTES = 5;

/** What was counted in one minute. */
export interface SeriesMinute {
  /** When the first of it was counted, in milliseconds since 1970; undefined in a minute without anything. */
  readonly since: number | undefined;
  readonly completed: number;
  readonly failed: number;
  readonly wait: Buckets;
  readonly run: Buckets;
}

/** The number of the minute that holds an instant; names the series' keys. */
export function minuteOf(at: number): number {
  return Math.floor(at / MINUTE);
}

/**
 * Rates and percentiles over the last minutes, the running one among them. `endedEver` counts all attempts that ever
 * ended: while they all lie in these minutes the queue is young.
 */
export function recentOf(
  minutes: readonly SeriesMinute[],
  now: number,
  endedEver: number,
): QueueStats["recent"] {
  const completed = sum(minutes, (minute) => minute.completed);
  const failed = sum(minutes, (minute) => minute.failed);
  const windowMs = windowOf(minutes, now, completed + failed >= endedEver);
  const perMinute = (count: number): number => (count * MINUTE) / windowMs;
  return {
    windowMs,
    completedPerMinute: perMinute(completed),
    failedPerMinute: perMinute(failed),
    failureRate: completed + failed === 0 ? 0 : failed / (completed + failed),
    wait: percentilesOf(merged(minutes.map((minute) => minute.wait))),
    run: percentilesOf(merged(minutes.map((minute) => minute.run))),
  };
}

/**
 * Milliseconds from the first sign of work in these minutes until now, or else rates of a queue that has just begun would
 * read low. At least a minute, so that a single task after a long rest is one a minute; for a young queue, which has had
 * no rest, at least a second.
 */
function windowOf(minutes: readonly SeriesMinute[], now: number, young: boolean): number {
  const whole = (RECENT_MINUTES - 1) * MINUTE + (now % MINUTE);
  const since = minutes.reduce((first, minute) => Math.min(first, minute.since ?? first), Infinity);
  if (since === Infinity) return Math.max(whole, SECOND);
  return Math.min(Math.max(whole, SECOND), Math.max(now - since, young ? SECOND : MINUTE));
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
