import type { DayCounts } from "./days.ts";
import type { TaskEvent } from "./events.ts";
import type {
  BeatReply,
  CancelReply,
  Holding,
  Page,
  PageOptions,
  QueueStats,
  RecoverReport,
  SettleReply,
  TaskCounts,
} from "./queue.ts";
import type { DeadReason, Priority, Task, TaskState } from "./task.ts";

/** A task as handed to a broker: checked, complete, its payload JSON. */
export interface NewTask {
  readonly id: string;
  readonly payload: string;
  readonly priority: Priority;
  readonly maxRetries: number;
  readonly timeoutMs: number;
  readonly delayMs: number;
  readonly dedupe: string | undefined;
  readonly trace: string | undefined;
}

export type Durability = "replicated" | "fsynced";

export interface ClaimRequest {
  readonly worker: string;
  readonly limit: number;
  readonly ahead: number;
  readonly waitMs: number;
  readonly leaseMs: number;
  readonly signal: AbortSignal | undefined;
}

/** A claimed task, its payload still JSON. */
export interface Grant {
  readonly id: string;
  readonly token: string;
  readonly payload: string;
  readonly attempt: number;
  readonly maxRetries: number;
  readonly crashes: number;
  readonly timeoutMs: number;
  readonly addedAt: number;
  readonly trace: string | undefined;
  readonly solo: boolean;
}

/** How a holder ends its claim. */
export type Settlement = {
  readonly id: string;
  readonly token: string;
  readonly worker: string;
} & (
  | { readonly kind: "complete"; readonly result: string | undefined }
  | {
      readonly kind: "fail";
      readonly outcome: "failed" | "timeout";
      /** An ErrorSummary as JSON. */
      readonly error: string;
      readonly deadReason: DeadReason | undefined;
      /** Milliseconds until the retry, if there is one. */
      readonly delayMs: number;
    }
  | { readonly kind: "release"; readonly delayMs: number }
);

/**
 * Keeps tasks and moves them by the transitions of transitions.ts, each in one atomic step that may be repeated. Arguments
 * are checked before they come here; the decisions both brokers share live in files of their own.
 */
export interface Broker {
  add(tasks: readonly NewTask[], durability: Durability | undefined): Promise<string[]>;
  claim(request: ClaimRequest): Promise<Grant[]>;
  settle(settlement: Settlement): Promise<SettleReply>;
  progress(claim: { readonly id: string; readonly token: string }, progress: string): Promise<SettleReply>;
  beat(worker: string, leaseMs: number): Promise<BeatReply>;
  workerLost(worker: string, cause: string): Promise<number>;
  workerLeft(worker: string): Promise<void>;
  recover(holding: Holding | undefined): Promise<RecoverReport>;

  /** These tasks, in their order; undefined for unknown ids. */
  read(ids: readonly string[]): Promise<(Task | undefined)[]>;
  /** The states of these tasks, in their order; undefined for unknown ids. */
  states(ids: readonly string[]): Promise<(TaskState | undefined)[]>;
  list(state: TaskState, page: Required<Pick<PageOptions, "limit">> & PageOptions): Promise<Page<Task>>;
  deadIds(
    reason: DeadReason | undefined,
    page: Required<Pick<PageOptions, "limit">> & PageOptions,
  ): Promise<Page<string>>;
  counts(): Promise<TaskCounts>;
  stats(): Promise<QueueStats>;
  /** The last `count` days, oldest first. */
  days(count: number): Promise<DayCounts[]>;

  cancel(id: string): Promise<CancelReply>;
  /** Dead → pending, or scheduled when its delay is above 0. Returns how many were dead. */
  redrive(tasks: readonly { readonly id: string; readonly delayMs: number }[]): Promise<number>;
  purge(state: Exclude<TaskState, "processing">, which: PurgeSelection): Promise<number>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
  /** Throws its connections away; the next call opens new ones. */
  reconnect(reason: string): void;
  events(signal: AbortSignal | undefined): AsyncIterable<TaskEvent>;
}

export interface PurgeSelection {
  readonly olderThanMs: number;
  readonly ids: readonly string[] | undefined;
}
