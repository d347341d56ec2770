import type { WorkerVitals } from "@imgq/registry";

export interface PulseLimits {
  readonly laggingAfterMs: number;
  readonly wedgedAfterMs: number;
}

/** What a worker's state is, given what its main loop said last and how long ago the loop last turned. */
export function judgePulse(
  told: WorkerVitals["state"],
  sinceTurnMs: number,
  limits: PulseLimits,
): WorkerVitals["state"] {
  if (sinceTurnMs >= limits.wedgedAfterMs) return "wedged";
  // Quiet or draining says more than lagging.
  return sinceTurnMs >= limits.laggingAfterMs && told === "running" ? "lagging" : told;
}

/**
 * Whether to go on extending the lease. A blocked loop keeps its tasks, because it may well finish them; but no longer
 * than their timeout, because then nobody may wait for them any more.
 */
export function keepsLease(
  sinceTurnMs: number,
  longestTimeoutMs: number,
  limits: Pick<PulseLimits, "wedgedAfterMs">,
): boolean {
  return sinceTurnMs < Math.max(longestTimeoutMs, limits.wedgedAfterMs);
}
