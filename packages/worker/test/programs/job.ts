/** What the test programs' handler does with a task. */
export type Job =
  | { readonly kind: "quick" }
  /** Waits for its signal or for `ms`. */
  | { readonly kind: "wait"; readonly ms: number }
  /** Blocks the main loop. */
  | { readonly kind: "block"; readonly ms: number }
  /** Ends the process as a native crash does. */
  | { readonly kind: "crash" }
  /** Runs a native call in the thread pool, which no signal can end. */
  | { readonly kind: "native"; readonly rounds: number };

/** Settings of worker.ts, as JSON in its first argument. */
export interface Settings {
  readonly redis: string;
  readonly queue: string;
  readonly concurrency?: number;
  readonly leaseMs?: number;
  readonly heartbeatIntervalMs?: number;
  readonly laggingAfterMs?: number;
  readonly wedgedAfterMs?: number;
  readonly shutdownTimeoutMs?: number;
  readonly silentAfterMs?: number;
}

/** Settings of supervisor.ts. */
export interface SupervisorSettings extends Settings {
  readonly worker: string;
  readonly processes: number;
  readonly hardDeadlineMs?: number;
  readonly recycleAfterTasks?: number;
  readonly maxFailedStarts?: number;
}
