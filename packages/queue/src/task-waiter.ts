import { TaskNotFoundError, WaitTimeoutError } from "./errors.ts";
import type { TaskState } from "./task.ts";

const FIRST_LOOK_MS = 5;
const SLOWEST_LOOK_MS = 250;

interface Waiting {
  readonly id: string;
  readonly startedAt: number;
  readonly settle: (error: Error | undefined) => void;
}

/**
 * Waits for tasks to end by looking at all of them together, often at first and then less often. Looking, not listening,
 * because nothing can be missed: neither a lost message nor a Redis that was away leaves a wait hanging.
 */
export class TaskWaiter {
  readonly #states: (ids: readonly string[]) => Promise<(TaskState | undefined)[]>;
  readonly #waiting = new Set<Waiting>();
  #looking = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(states: (ids: readonly string[]) => Promise<(TaskState | undefined)[]>) {
    this.#states = states;
  }

  /** Resolves when the task has ended; rejects with `WaitTimeoutError`, `TaskNotFoundError` or the signal's reason. */
  untilEnded(id: string, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error: Error | undefined): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        this.#waiting.delete(waiting);
        if (error === undefined) resolve();
        else reject(error);
      };
      const onAbort = (): void => settle(asError(signal?.reason));
      const timer = setTimeout(() => settle(new WaitTimeoutError(id, timeoutMs)), timeoutMs);
      const waiting: Waiting = { id, startedAt: performance.now(), settle };
      this.#waiting.add(waiting);
      if (signal?.aborted === true) return onAbort();
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#lookSoon(0);
    });
  }

  /** Rejects every wait with `error`. */
  close(error: Error): void {
    clearTimeout(this.#timer);
    for (const waiting of this.#waiting) waiting.settle(error);
  }

  #lookSoon(ms: number): void {
    if (this.#looking) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), ms);
  }

  async #look(): Promise<void> {
    this.#looking = true;
    const looked = [...this.#waiting];
    const ids = [...new Set(looked.map((waiting) => waiting.id))];
    // Redis may be away; each wait ends by its own timeout all the same.
    const states = await this.#states(ids).catch(() => undefined);
    this.#looking = false;
    if (states !== undefined) {
      const byId = new Map(ids.map((id, index) => [id, states[index]]));
      for (const waiting of looked) this.#judge(waiting, byId.get(waiting.id));
    }
    if (this.#waiting.size > 0) this.#lookSoon(this.#pauseMs());
  }

  #judge(waiting: Waiting, state: TaskState | undefined): void {
    if (state === undefined) waiting.settle(new TaskNotFoundError(waiting.id));
    else if (state === "completed" || state === "dead" || state === "cancelled") waiting.settle(undefined);
  }

  /** A fifth of the time the youngest has waited: a quick task is noticed quickly, a slow one costs little. */
  #pauseMs(): number {
    const youngest = Math.max(...[...this.#waiting].map((waiting) => waiting.startedAt));
    const waitedMs = performance.now() - youngest;
    return Math.min(SLOWEST_LOOK_MS, Math.max(FIRST_LOOK_MS, waitedMs / 5));
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
