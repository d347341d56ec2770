import type { DayCounts } from "@imgq/queue";
import type { DashboardOptions } from "../options.ts";

/** What each queue did on each of the last 90 days, by its name. */
export type Days = Readonly<Record<string, readonly DayCounts[]>>;

export async function daysOf({ queues }: DashboardOptions): Promise<Days> {
  const all = await Promise.all(queues.map(async (queue) => [queue.name, await queue.days()] as const));
  return Object.fromEntries(all);
}
