export type { TaskEvent } from "./events.ts";
export {
  type BackoffFunction,
  type BackoffPolicy,
  type QueueOptions,
  type RetentionOptions,
} from "./options.ts";
export type {
  AddOptions,
  BeatReply,
  CancelReply,
  ClaimOptions,
  ClaimReference,
  DurationHistogram,
  FailOptions,
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
