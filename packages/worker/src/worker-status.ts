/** The life of a worker. `running` and `quiet` may alternate; the rest is passed through in this order. */
export const workerStatuses = ["created", "starting", "running", "quiet", "draining", "stopped"] as const;
export type WorkerStatus = (typeof workerStatuses)[number];

export interface StopReport {
  /** Tasks that ended between the call and the stop. */
  readonly finished: number;
  /** Tasks given back, no attempt spent. */
  readonly released: number;
}

/** How a worker ended. `failed`: by itself and in trouble, so the process should exit with an error. */
export interface WorkerExit extends StopReport {
  readonly reason: string;
  readonly failed: boolean;
}
