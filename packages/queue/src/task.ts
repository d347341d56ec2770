import type { ErrorSummary } from "@imgq/core";

export const taskStates = ["scheduled", "pending", "processing", "completed", "dead", "cancelled"] as const;
export type TaskState = (typeof taskStates)[number];

export const priorities = ["high", "normal", "low"] as const;
export type Priority = (typeof priorities)[number];

export const deadReasons = [
  "exhausted",
  "unrecoverable",
  "invalid-input",
  "timeout",
  "crash-loop",
  "cancelled",
] as const;
export type DeadReason = (typeof deadReasons)[number];

/** How one attempt ended. `lost`: its worker's lease ran out. `released`: given back, no attempt spent. */
export const attemptOutcomes = ["completed", "failed", "timeout", "lost", "released", "cancelled"] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/** One execution of a task, as kept in its history. Times are milliseconds since 1970 by Redis' clock. */
export interface Attempt {
  readonly attempt: number;
  readonly worker: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: AttemptOutcome;
  readonly error?: ErrorSummary;
}

export interface TaskProgress {
  /** 0 to 1. */
  readonly fraction: number;
  readonly note?: string;
}

/** A task as stored. Times are milliseconds since 1970 by Redis' clock. */
export interface Task<P = unknown, R = unknown> {
  readonly id: string;
  readonly queue: string;
  readonly state: TaskState;
  readonly payload: P;
  readonly priority: Priority;
  /** Executions begun so far; 0 before the first claim. Released ones are not counted. */
  readonly attempt: number;
  /** Retries allowed after the first attempt: 3 means 4 attempts in all. */
  readonly maxRetries: number;
  /** How often a worker died while it ran this task. */
  readonly crashes: number;
  readonly timeoutMs: number;
  readonly addedAt: number;
  /** The `traceparent` it was added with. */
  readonly trace?: string;
  /** When a scheduled task becomes pending. */
  readonly dueAt?: number;
  readonly claimedAt?: number;
  readonly finishedAt?: number;
  /** The worker that holds it, or held it last. */
  readonly worker?: string;
  readonly progress?: TaskProgress;
  readonly result?: R;
  readonly lastError?: ErrorSummary;
  readonly deadReason?: DeadReason;
  /** Ended attempts, oldest first; bounded. */
  readonly attempts: readonly Attempt[];
}

/** The right to run a task, until settled or the worker's lease ends. `token` is the fencing token. */
export interface Claim<P = unknown> {
  readonly id: string;
  readonly queue: string;
  readonly payload: P;
  readonly attempt: number;
  readonly maxRetries: number;
  readonly crashes: number;
  readonly timeoutMs: number;
  readonly addedAt: number;
  /** The `traceparent` it was added with. */
  readonly trace?: string;
  readonly worker: string;
  readonly token: string;
  /** Run it with no other task in the process: it was in hand when a worker died, and may be the cause. */
  readonly solo: boolean;
}
