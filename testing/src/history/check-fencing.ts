import type { Violation } from "./check-history.ts";
import type { HistoryEvent } from "./history-event.ts";

/** I3: once an execution with a later token has started, no write with the earlier token is accepted. */
export function checkFencing(events: readonly HistoryEvent[]): Violation[] {
  const holder = new Map<string, string>();
  const replaced = new Map<string, Set<string>>();
  const violations: Violation[] = [];
  for (const event of events) {
    if (event.kind === "run" && event.phase === "started") {
      const before = holder.get(event.id);
      if (before !== undefined && before !== event.token) {
        replaced.set(event.id, (replaced.get(event.id) ?? new Set()).add(before));
      }
      if (replaced.get(event.id)?.has(event.token) === true) {
        violations.push({ invariant: "I3", id: event.id, what: `the token ${event.token} was given twice` });
      }
      holder.set(event.id, event.token);
    }
    // The reply is recorded after the queue's decision, so that a release may rightly be written down after the next
    // start; a result may not: nothing starts after an accepted result.
    if (event.kind === "settle" && event.how === "complete" && event.reply === "ok") {
      if (replaced.get(event.id)?.has(event.token) === true) {
        violations.push({
          invariant: "I3",
          id: event.id,
          what: `a result was accepted with the token ${event.token} after a later one was given`,
        });
      }
    }
  }
  return violations;
}
