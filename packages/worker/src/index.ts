export { createWorker } from "./create-worker.ts";
export {
  LeaseLostError,
  SilentConsumerError,
  TaskCancelledError,
  TaskTimeoutError,
  WorkerStoppingError,
} from "./errors.ts";
export { RetryLaterError, UnrecoverableError } from "@imgq/queue";
export type { Handler, HandlerContext, TaskInfo } from "./handler.ts";
export type { WorkerOptions } from "./options.ts";
export { type Runnable, runUntilSignal, type RunUntilSignalOptions } from "./run-until-signal.ts";
export {
  type StopReport,
  type Worker,
  type WorkerExit,
  type WorkerStats,
  type WorkerStatus,
  workerStatuses,
} from "./worker.ts";
export type { TaskSettled, WorkerEvents } from "./worker-events.ts";
