import { DAY } from "@imgq/core";

/** Days that are kept. */
export const DAYS_KEPT = 90;

/** What was counted on one day, by UTC. */
export interface DayCounts {
  /** `2026-11-25` */
  readonly day: string;
  readonly completed: number;
  /** Attempts that failed, whether or not they were tried again. */
  readonly failed: number;
  /** Tasks that went to the dead letters. */
  readonly dead: number;
}

export type DayTotals = Omit<DayCounts, "day">;

export const noDayTotals: DayTotals = { completed: 0, failed: 0, dead: 0 };

/** The number of the day that holds an instant: days since 1970. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY);
}

/** The last `count` days, oldest first, today the last; days without anything are zeros. */
export function lastDays(totals: ReadonlyMap<number, DayTotals>, now: number, count: number): DayCounts[] {
  const today = dayOf(now);
  return Array.from({ length: count }, (_, index) => {
    const day = today - count + 1 + index;
    const { completed, failed, dead } = totals.get(day) ?? noDayTotals;
    return { day: new Date(day * DAY).toISOString().slice(0, 10), completed, failed, dead };
  });
}
