import type { Logger } from "@imgq/core";
import type { Claim } from "@imgq/queue";

/** What a handler may know of the task it runs. */
export type TaskInfo = Omit<Claim, "payload" | "token" | "solo">;

export interface HandlerContext {
  readonly task: TaskInfo;
  /**
   * Aborts when the result is of no use any more. Its `reason` is a `TaskTimeoutError`, `LeaseLostError`,
   * `TaskCancelledError` or `WorkerStoppingError`. A handler that goes on all the same is no longer waited for.
   */
  readonly signal: AbortSignal;
  /** Tells how far it is: 0 to 1, and perhaps a word. Cheap to call often; never throws. */
  readonly progress: (fraction: number, note?: string) => void;
  /** Adds the task's id, queue and attempt to each line. */
  readonly log: Logger;
}

/** Does the work of one task. Its result is stored with the task, so it must have a JSON form. The only seam between tasks and images. */
export type Handler<P = unknown, R = unknown> = (payload: P, context: HandlerContext) => Promise<R>;
