import type { ErrorSummary, LogLevel } from "@imgq/core";
import type { RecoverReport } from "@imgq/queue";
import type { WorkerCommand } from "@imgq/registry";
import type { TaskInfo } from "./handler.ts";
import type { Outcome } from "./outcome.ts";
import type { StopReport, WorkerStatus } from "./worker-status.ts";

/** What a worker tells its program, by name. Each event is one object. */
export interface WorkerEvents {
  "task:started": { readonly task: TaskInfo };
  /** A task has ended here and Redis knows it, or it is no longer ours. */
  "task:settled": TaskSettled;
  /** A handler went on after its signal aborted; it is no longer waited for. */
  "task:abandoned": { readonly task: TaskInfo; readonly elapsedMs: number };
  status: { readonly from: WorkerStatus; readonly to: WorkerStatus };
  /** Redis does not answer the beats, or does so again. */
  redis: { readonly reachable: boolean; readonly awayMs: number };
  /** This worker's recovery round moved something. */
  recovered: RecoverReport;
  /** A command arrived, and is carried out now. */
  command: WorkerCommand;
  /** A command asks for another log level; the logger belongs to the program. */
  "log-level": { readonly level: LogLevel };
  stopped: StopReport & { readonly reason: string };
}

export interface TaskSettled {
  readonly task: TaskInfo;
  /** `lost` also when the outcome was refused because another worker has the task; `unsettled` when it could not be told. */
  readonly outcome: Outcome["kind"] | "unsettled";
  /** Whether a failed or timed-out task will run again. */
  readonly willRetry: boolean;
  readonly runMs: number;
  readonly error?: ErrorSummary;
}
