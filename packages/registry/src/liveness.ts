import type { WorkerEnd, WorkerState } from "./registry.ts";

/** The last time nobody could beat: Redis was down, stopped or cut off. Zeros when there was none. */
export interface Outage {
  /** Last beat of anybody before it. */
  readonly beganAt: number;
  /** First beat after it. */
  readonly endedAt: number;
}

export const noOutage: Outage = { beganAt: 0, endedAt: 0 };

export interface LivenessFacts {
  /** As the worker told it last. */
  readonly state: Exclude<WorkerState, "dead"> | "dead";
  readonly lastBeatAt: number;
  readonly end?: WorkerEnd;
}

export interface Liveness {
  readonly state: WorkerState;
  readonly alive: boolean;
  readonly end?: WorkerEnd;
}

/**
 * Whether a worker is alive. One that ended is not; one without a beat for `timeoutMs` is dead, unless it was alive when
 * an outage began that is over for less than `timeoutMs`: an outage of Redis is not the death of those who wait for it.
 */
export function judgeLiveness(
  facts: LivenessFacts,
  now: number,
  timeoutMs: number,
  outage: Outage,
): Liveness {
  if (facts.end !== undefined) return { state: facts.state, alive: false, end: facts.end };
  const beating = now - facts.lastBeatAt <= timeoutMs;
  const excused = facts.lastBeatAt >= outage.beganAt - timeoutMs && now - outage.endedAt <= timeoutMs;
  if (beating || excused) return { state: facts.state, alive: true };
  const silence = `no beat for more than ${timeoutMs / 1000} s`;
  const reason = facts.state === "wedged" ? `wedged, then ${silence}` : silence;
  return { state: "dead", alive: false, end: { reason, at: facts.lastBeatAt + timeoutMs } };
}
