import type { Queue, Task } from "@imgq/queue";
import type { Redis } from "ioredis";
import type { FinalState } from "../history/check-history.ts";
import type { HistoryEvent } from "../history/history-event.ts";

/** Reads every task that anybody added or ran, the counts, and all keys. Ends `redis`. */
export async function readFinalState(
  queue: Queue,
  redis: Redis,
  events: readonly HistoryEvent[],
): Promise<FinalState> {
  const ids = new Set(events.flatMap((event) => ("id" in event ? [event.id] : [])));
  const tasks = new Map<string, Task>();
  for (const id of ids) {
    const task = await queue.get(id);
    if (task !== undefined) tasks.set(id, task);
  }
  // Whatever the history does not know would be a ghost.
  for (const state of ["completed", "dead", "cancelled", "scheduled", "pending", "processing"] as const) {
    for (let after: string | undefined; ; ) {
      const page = await queue.list(state, { limit: 1000, ...(after === undefined ? {} : { after }) });
      for (const task of page.items) tasks.set(task.id, task);
      after = page.next;
      if (after === undefined) break;
    }
  }
  const keys = await redis.keys("*");
  redis.disconnect();
  return { tasks, counts: await queue.counts(), keys };
}
