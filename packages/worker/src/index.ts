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
export { type Health, type HealthCheck, supervisorHealth, workerHealth } from "./health/health-check.ts";
export { type HealthServer, type HealthServerOptions, startHealthServer } from "./health/health-server.ts";
export { superviseWorkers } from "./supervisor/supervise-workers.ts";
export type { ChildReport } from "./supervisor/child-messages.ts";
export type {
  ChildStatus,
  Supervisor,
  SupervisorEvents,
  SupervisorOptions,
} from "./supervisor/supervisor.ts";
export type { WorkerOptions } from "./options.ts";
export { type Runnable, runUntilSignal, type RunUntilSignalOptions } from "./run-until-signal.ts";
export type { Worker, WorkerStats } from "./worker.ts";
export { type StopReport, type WorkerExit, type WorkerStatus, workerStatuses } from "./worker-status.ts";
export type { TaskSettled, WorkerEvents } from "./worker-events.ts";
