import type { Expectations, Violation } from "./check-history.ts";
import type { HistoryEvent } from "./history-event.ts";

/** I11: the expected alerts fired once and cleared once, and no other did. */
export function checkAlerts(events: readonly HistoryEvent[], { alerts }: Expectations): Violation[] {
  if (alerts === undefined) return [];
  const told = new Map<string, string[]>(alerts.map((rule) => [rule, []]));
  for (const event of events) {
    if (event.kind === "alert") told.set(event.rule, [...(told.get(event.rule) ?? []), event.phase]);
  }
  return [...told].flatMap(([rule, phases]): Violation[] => {
    const seen = phases.join(", ") || "silent";
    if (!alerts.includes(rule)) {
      return [{ invariant: "I11", what: `the alert ${rule} rang though nothing was wrong: ${seen}` }];
    }
    if (seen === "fired, cleared") return [];
    return [
      { invariant: "I11", what: `the alert ${rule} should have fired and cleared once, but was ${seen}` },
    ];
  });
}
