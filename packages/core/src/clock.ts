import { performance } from "node:perf_hooks";

/** The two kinds of time a program needs. Tests pass their own. */
export interface Clock {
  /** Wall-clock milliseconds since 1970. For showing to people; jumps when the clock is set. */
  now(): number;
  /** Milliseconds that never jump. For durations and deadlines. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** Waits `ms` milliseconds; returns early, without an error, when `signal` aborts. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
  });
}
