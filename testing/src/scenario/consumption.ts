import type { HistoryEvent } from "../history/history-event.ts";

/** Milliseconds from the end of the last fault of this name to the first execution begun after it; undefined when there was none. */
export function consumingAgainAfterMs(events: readonly HistoryEvent[], fault: string): number | undefined {
  const healed = events.findLast(
    (event) => event.kind === "fault" && event.name === fault && event.phase === "ended",
  );
  if (healed === undefined) return undefined;
  const next = events.find(
    (event) => event.kind === "run" && event.phase === "started" && event.at > healed.at,
  );
  return next === undefined ? undefined : next.at - healed.at;
}

/** The longest time in milliseconds in which no execution began, between the first and the last. */
export function longestPauseMs(events: readonly HistoryEvent[]): number {
  const starts = events.filter((event) => event.kind === "run" && event.phase === "started");
  return Math.max(0, ...starts.slice(1).map((event, index) => event.at - (starts[index]?.at ?? event.at)));
}

/** Executions begun, by task. */
export function executionsOf(events: readonly HistoryEvent[]): Map<string, number> {
  const executions = new Map<string, number>();
  for (const event of events) {
    if (event.kind !== "run" || event.phase !== "started") continue;
    executions.set(event.id, (executions.get(event.id) ?? 0) + 1);
  }
  return executions;
}
