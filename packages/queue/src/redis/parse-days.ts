import { type DayCounts, type DayTotals, lastDays, noDayTotals } from "../days.ts";
import type { Reply } from "./script-runner.ts";

/** Reads the reply of lua/days.lua. */
export function parseDays(reply: Reply, count: number): DayCounts[] {
  const [, now, fields, openDay, completed, failed, dead] = reply;
  const totals = new Map<number, DayTotals>();
  const add = (day: number, more: Partial<DayTotals>): void => {
    const known = totals.get(day) ?? noDayTotals;
    totals.set(day, {
      completed: known.completed + (more.completed ?? 0),
      failed: known.failed + (more.failed ?? 0),
      dead: known.dead + (more.dead ?? 0),
    });
  };
  const list = Array.isArray(fields) ? fields : [];
  for (let index = 0; index + 1 < list.length; index += 2) {
    const [day, name] = String(list[index]).split(":");
    const number = Number(list[index + 1]) || 0;
    if (name === "completed" || name === "failed" || name === "dead") add(Number(day), { [name]: number });
  }
  add(Number(openDay), { completed: Number(completed), failed: Number(failed), dead: Number(dead) });
  return lastDays(totals, Number(now), count);
}
