import type { ErrorSummary } from "@imgq/core";
import { MAX_ATTEMPTS_KEPT, withCompletedAttempt } from "../history.ts";
import { decodeJson } from "../payload.ts";
import type {
  Attempt,
  AttemptOutcome,
  DeadReason,
  Priority,
  Task,
  TaskProgress,
  TaskState,
} from "../task.ts";

/** A task in this process' memory. Payload and result are kept as JSON, so that both brokers hand out the same copies. */
export interface MemoryTask {
  readonly id: string;
  readonly payload: string;
  readonly priority: Priority;
  readonly maxRetries: number;
  readonly timeoutMs: number;
  readonly addedAt: number;
  readonly dedupe: string | undefined;
  readonly trace: string | undefined;
  state: TaskState;
  attempt: number;
  crashes: number;
  /** Since when it may be claimed. */
  dueAt: number;
  claimedAt?: number;
  finishedAt?: number;
  worker?: string;
  /** Of the current claim. */
  token?: string;
  /** Kind and token of the last accepted settle, so that a repeated one is answered like the first. */
  settledAs?: string;
  solo?: boolean;
  cancelRequested?: boolean;
  progress?: TaskProgress;
  result?: string;
  lastError?: ErrorSummary;
  deadReason?: DeadReason;
  attempts: Attempt[];
}

/** Notes how the attempt in hand ended. */
export function recordAttempt(
  task: MemoryTask,
  outcome: AttemptOutcome,
  now: number,
  error?: ErrorSummary,
): void {
  task.attempts.push({
    attempt: task.attempt,
    worker: task.worker ?? "",
    startedAt: task.claimedAt ?? now,
    endedAt: now,
    outcome,
    ...(error === undefined ? {} : { error }),
  });
  if (task.attempts.length > MAX_ATTEMPTS_KEPT) task.attempts.shift();
}

export function toTask(queue: string, task: MemoryTask): Task {
  const { claimedAt, finishedAt, worker, progress, lastError, deadReason } = task;
  return {
    id: task.id,
    queue,
    state: task.state,
    payload: decodeJson(task.payload),
    priority: task.priority,
    attempt: task.attempt,
    maxRetries: task.maxRetries,
    crashes: task.crashes,
    timeoutMs: task.timeoutMs,
    addedAt: task.addedAt,
    ...(task.trace === undefined ? {} : { trace: task.trace }),
    ...(task.state === "scheduled" ? { dueAt: task.dueAt } : {}),
    ...(claimedAt === undefined ? {} : { claimedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
    ...(worker === undefined ? {} : { worker }),
    ...(progress === undefined ? {} : { progress }),
    ...(task.result === undefined ? {} : { result: decodeJson(task.result) }),
    ...(lastError === undefined ? {} : { lastError }),
    ...(deadReason === undefined ? {} : { deadReason }),
    attempts: withCompletedAttempt([...task.attempts], task),
  };
}
