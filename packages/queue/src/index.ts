export type { TaskEvent } from "./events.ts";
export { type BackoffFunction, type BackoffPolicy, backoffOf } from "./backoff.ts";
export { createQueue } from "./create-queue.ts";
export { createQueues, type OpenQueue, type QueueContents } from "./create-queues.ts";
export type { DayCounts } from "./days.ts";
export {
  type DurabilityAchieved,
  DurabilityError,
  NotJsonError,
  QueueClosedError,
  QueueFullError,
  RetryLaterError,
  TaskNotFoundError,
  TooLargeError,
  UnrecoverableError,
  WaitTimeoutError,
} from "./errors.ts";
export { type QueueOptions, queueDefaults, type RetentionOptions } from "./options.ts";
export { queueNames } from "./redis/queue-names.ts";
export { type Transition, transitions } from "./transitions.ts";
export type {
  AddOptions,
  BeatReply,
  CancelReply,
  ClaimOptions,
  ClaimReference,
  DurationHistogram,
  FailOptions,
  Holding,
  Page,
  PageOptions,
  Percentiles,
  Queue,
  QueueStats,
  RecoverReport,
  RedriveOptions,
  SettleReply,
  TaskCounts,
} from "./queue.ts";
export {
  type Attempt,
  type AttemptOutcome,
  attemptOutcomes,
  type Claim,
  type DeadReason,
  deadReasons,
  type Priority,
  priorities,
  type Task,
  type TaskProgress,
  type TaskState,
  taskStates,
} from "./task.ts";
