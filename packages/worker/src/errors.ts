import { ImgqError } from "@imgq/core";

/** Abort reason: the task took longer than its `timeoutMs`. Code `IMGQ_TASK_TIMEOUT`. */
export class TaskTimeoutError extends ImgqError {
  readonly taskId: string;
  readonly timeoutMs: number;

  constructor(taskId: string, timeoutMs: number) {
    super(
      "IMGQ_TASK_TIMEOUT",
      `Task ${taskId} took longer than ${timeoutMs} ms. Raise its timeoutMs, or let the handler end when its signal aborts.`,
    );
    this.taskId = taskId;
    this.timeoutMs = timeoutMs;
  }
}

/** Abort reason: the worker was believed dead and the task given to another; its result here will be refused. Code `IMGQ_LEASE_LOST`. */
export class LeaseLostError extends ImgqError {
  readonly taskId: string;

  constructor(taskId: string) {
    super(
      "IMGQ_LEASE_LOST",
      `Task ${taskId} was given to another worker because this one's lease had run out. Nothing is left to do here.`,
    );
    this.taskId = taskId;
  }
}

/** Abort reason: somebody cancelled the task. Code `IMGQ_TASK_CANCELLED`. */
export class TaskCancelledError extends ImgqError {
  readonly taskId: string;

  constructor(taskId: string) {
    super("IMGQ_TASK_CANCELLED", `Task ${taskId} was cancelled.`);
    this.taskId = taskId;
  }
}

/** Abort reason: the worker stops and cannot wait any longer; the task goes back and spends no attempt. Code `IMGQ_WORKER_STOPPING`. */
export class WorkerStoppingError extends ImgqError {
  readonly taskId: string;

  constructor(taskId: string) {
    super("IMGQ_WORKER_STOPPING", `The worker stops; task ${taskId} is given back.`);
    this.taskId = taskId;
  }
}

/** Why a worker ended by itself: tasks were pending and it could not get at them. Code `IMGQ_SILENT_CONSUMER`. */
export class SilentConsumerError extends ImgqError {
  readonly silentMs: number;

  constructor(queue: string, silentMs: number) {
    super(
      "IMGQ_SILENT_CONSUMER",
      `Tasks are pending in ${queue}, slots are free, and nothing was claimed for ${Math.round(silentMs / 1000)} s, not even with a new connection. The worker ends so that it is started afresh.`,
    );
    this.silentMs = silentMs;
  }
}
