import { MINUTE, SECOND } from "@imgq/core";
import type { Attempt, AttemptOutcome, Task } from "./task.ts";

/** Ended attempts kept a task; the oldest go first. */
export const MAX_ATTEMPTS_KEPT = 50;

/** Claims kept waiting for a beat to tell about them, in milliseconds. */
export const NOTICE_AGE_MS = 30_000;

/**
 * How old a claim must be for its worker's word that it does not hold it: older than any reply that may still bring it.
 */
export function forgottenAfterMs({ deadlineMs }: { readonly deadlineMs: number }): number {
  return deadlineMs + 5 * SECOND;
}

/** How long after its timeout a task is taken from a worker that is alive and still claims to hold it. */
export const ABANDONED_AFTER_MS = 30_000;

/** Milliseconds an attempt may take by default. A hash names only another; the scripts have the same number. */
export const DEFAULT_TIMEOUT_MS: number = 5 * MINUTE;

/** The completing attempt is in the task's own fields, not in the stored list, so that the hot path writes it only once. */
export function withCompletedAttempt(
  attempts: readonly Attempt[],
  task: Pick<Task, "state" | "attempt" | "worker" | "claimedAt" | "finishedAt">,
): readonly Attempt[] {
  if (task.state !== "completed" || task.claimedAt === undefined || task.finishedAt === undefined) {
    return attempts;
  }
  const outcome: AttemptOutcome = "completed";
  const last = {
    attempt: task.attempt,
    worker: task.worker ?? "",
    startedAt: task.claimedAt,
    endedAt: task.finishedAt,
    outcome,
  };
  return [...attempts, last];
}
