import type { Expectations, Violation } from "./check-history.ts";
import type { HistoryEvent } from "./history-event.ts";

export interface RetryGap {
  readonly minimumMs: number;
  readonly maximumMs: number;
}

/** I9: between an accepted failure and the next start of the same task lies the backoff. */
export function checkRetryGaps(events: readonly HistoryEvent[], expectations: Expectations): Violation[] {
  const bounds = expectations.retryGap;
  if (bounds === undefined) return [];
  const failed = new Map<string, { readonly at: number; readonly attempt: number }>();
  const violations: Violation[] = [];
  for (const event of events) {
    // From the throw, not from the reply, which a slow Redis delays.
    if (event.kind === "run" && event.phase === "threw") failed.set(event.id, event);
    if (event.kind !== "run" || event.phase !== "started") continue;
    const failure = failed.get(event.id);
    failed.delete(event.id);
    if (failure === undefined) continue;
    const { minimumMs, maximumMs } = bounds(failure.attempt);
    const gapMs = event.at - failure.at;
    if (gapMs < minimumMs || gapMs > maximumMs) {
      violations.push({
        invariant: "I9",
        id: event.id,
        what: `retry ${failure.attempt} came after ${Math.round(gapMs)} ms instead of ${minimumMs} to ${maximumMs}`,
      });
    }
  }
  return violations;
}
