import { setMaxListeners } from "node:events";
import { DAY } from "@imgq/core";
import type { Queue, Task } from "@imgq/queue";
import type { ProgressState } from "../terminal/progress-bar.ts";

/** Tasks waited for at a time; they are added in this order, so they end roughly in it. */
const window = 500;

export interface WaitOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (state: ProgressState) => void;
}

/** Waits until all tasks have ended, or `signal` aborts. Returns those that have, in their order. */
export async function waitForTasks(
  queue: Queue,
  ids: readonly string[],
  options: WaitOptions,
): Promise<Task[]> {
  // One listener a task is meant, not a leak.
  setMaxListeners(0, options.signal);
  const ended: (Task | undefined)[] = ids.map(() => undefined);
  const state = { done: 0, failed: 0, total: ids.length };
  let taken = 0;
  const slot = async (): Promise<void> => {
    while (taken < ids.length && !options.signal.aborted) {
      const place = taken;
      taken += 1;
      const task = await untilEnded(queue, ids[place] ?? "", options.signal);
      if (task === undefined) return;
      ended[place] = task;
      state[task.state === "completed" ? "done" : "failed"] += 1;
      options.onProgress(state);
    }
  };
  options.onProgress(state);
  await Promise.all(Array.from({ length: Math.min(window, ids.length) }, slot));
  return ended.filter((task) => task !== undefined);
}

async function untilEnded(queue: Queue, id: string, signal: AbortSignal): Promise<Task | undefined> {
  try {
    return await queue.wait(id, { timeoutMs: DAY, signal });
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}
