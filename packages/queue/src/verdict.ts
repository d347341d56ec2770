import type { DeadReason } from "./task.ts";

/** Where a task goes when its attempt has ended without success. */
export type Verdict =
  | { readonly to: "again" }
  | { readonly to: "dead"; readonly reason: DeadReason }
  | { readonly to: "cancelled" };

export interface AttemptSoFar {
  readonly attempt: number;
  readonly crashes: number;
  readonly maxRetries: number;
  readonly cancelRequested: boolean;
}

/** After a failed or timed-out attempt. Attempts that ended with their worker are not counted against the retries. */
export function verdictOfFailure(
  task: AttemptSoFar,
  outcome: "failed" | "timeout",
  deadReason: DeadReason | undefined,
): Verdict {
  if (task.cancelRequested) return { to: "cancelled" };
  if (deadReason !== undefined) return { to: "dead", reason: deadReason };
  if (task.attempt - task.crashes <= task.maxRetries) return { to: "again" };
  return { to: "dead", reason: outcome === "timeout" ? "timeout" : "exhausted" };
}

/** After its worker died, this death counted in `crashes`. */
export function verdictOfLoss(task: AttemptSoFar, maxCrashes: number): Verdict {
  if (task.cancelRequested) return { to: "cancelled" };
  return task.crashes > maxCrashes ? { to: "dead", reason: "crash-loop" } : { to: "again" };
}
