import type { Accounts } from "./account.ts";
import type { Expectations, Violation } from "./check-history.ts";
import type { HistoryEvent } from "./history-event.ts";

/** I8: nothing is executed more often than faults and failures explain. I10: a release spends no attempt. */
export function checkExecutions(
  events: readonly HistoryEvent[],
  accounts: Accounts,
  expectations: Expectations,
): Violation[] {
  const inHand = new Set<string>();
  const started = new Set<string>();
  let excused = expectations.extraExecutions ?? 0;
  for (const event of events) {
    if (event.kind === "run" && event.phase === "started") {
      started.add(event.id);
      inHand.add(event.id);
    }
    if (event.kind === "run" && event.phase === "threw") excused += 1;
    if (event.kind === "settle") inHand.delete(event.id);
    if (event.kind === "fault") excused += inHand.size;
  }
  const violations: Violation[] = [];
  const most = started.size + excused;
  if (accounts.executions > most) {
    violations.push({
      invariant: "I8",
      what: `${accounts.executions} executions, but ${started.size} tasks, failures and faults explain only ${most}`,
    });
  }
  return [...violations, ...checkReleases(events)];
}

function checkReleases(events: readonly HistoryEvent[]): Violation[] {
  const released = new Map<string, number>();
  const violations: Violation[] = [];
  for (const event of events) {
    if (event.kind === "settle" && event.how === "release" && event.reply === "ok") {
      released.set(event.id, event.attempt);
    }
    if (event.kind !== "run" || event.phase !== "started") continue;
    const attempt = released.get(event.id);
    released.delete(event.id);
    if (attempt !== undefined && event.attempt > attempt) {
      violations.push({
        invariant: "I10",
        id: event.id,
        what: `was released in attempt ${attempt}, but runs again as attempt ${event.attempt}`,
      });
    }
  }
  return violations;
}
