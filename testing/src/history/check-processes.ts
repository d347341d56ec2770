import type { Violation } from "./check-history.ts";
import type { HistoryEvent } from "./history-event.ts";

/** I12: no rejection went unhandled, and every add of a process that lived was answered. */
export function checkProcesses(events: readonly HistoryEvent[]): Violation[] {
  const killed = new Set<number>();
  const open = new Map<string, number>();
  const violations: Violation[] = [];
  for (const event of events) {
    if (event.kind === "unhandled") {
      violations.push({
        invariant: "I12",
        what: `process ${event.pid} had an unhandled error: ${event.error}`,
      });
    }
    if (event.kind === "exit" && event.signal !== null) killed.add(event.target);
    if (event.kind === "add") {
      if (event.phase === "invoked") open.set(event.id, event.pid);
      else open.delete(event.id);
    }
  }
  for (const [id, pid] of open) {
    if (!killed.has(pid)) violations.push({ invariant: "I12", id, what: "an add was never answered" });
  }
  return violations;
}
