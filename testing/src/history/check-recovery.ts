import type { Expectations, FinalState, Violation } from "./check-history.ts";
import type { HistoryEvent } from "./history-event.ts";

/** Faults that end the process they are done to. */
const deadlyFaults: ReadonlySet<string> = new Set(["kill-worker"]);

/** A task that was in hand when its worker died: how long until it ran elsewhere. Undefined: never. */
export interface Recovery {
  readonly id: string;
  readonly worker: number;
  readonly afterMs: number | undefined;
}

/** Every task that was in hand when its worker was killed. */
export function recoveries(events: readonly HistoryEvent[]): Recovery[] {
  const found: Recovery[] = [];
  for (const [index, fault] of events.entries()) {
    if (fault.kind !== "fault" || fault.phase !== "began" || !deadlyFaults.has(fault.name)) continue;
    for (const id of inHandOf(events.slice(0, index), fault.target)) {
      const next = events
        .slice(index)
        .find(
          (event) =>
            event.kind === "run" &&
            event.phase === "started" &&
            event.id === id &&
            event.pid !== fault.target,
        );
      found.push({
        id,
        worker: fault.target ?? 0,
        afterMs: next === undefined ? undefined : next.at - fault.at,
      });
    }
  }
  return found;
}

/** I7: tasks of a killed worker run elsewhere within the bound. */
export function checkRecovery(
  events: readonly HistoryEvent[],
  final: FinalState,
  expectations: Expectations,
): Violation[] {
  const bound = expectations.recoveryWithinMs;
  if (bound === undefined) return [];
  return recoveries(events).flatMap(({ id, afterMs }): Violation[] => {
    // Settled in the instant of the kill, after the last line of its history: there was nothing to recover.
    if (afterMs === undefined && final.tasks.get(id)?.state === "completed") return [];
    if (afterMs !== undefined && afterMs <= bound) return [];
    const what = afterMs === undefined ? "never ran again" : `ran again only after ${Math.round(afterMs)} ms`;
    return [{ invariant: "I7", id, what: `was in the hands of a killed worker and ${what}` }];
  });
}

function inHandOf(events: readonly HistoryEvent[], pid: number | undefined): Set<string> {
  const inHand = new Set<string>();
  for (const event of events) {
    if (event.pid !== pid) continue;
    if (event.kind === "run" && event.phase === "started") inHand.add(event.id);
    if (event.kind === "settle") inHand.delete(event.id);
  }
  return inHand;
}
