import { ImgqError } from "@imgq/core";
import type { DeadReason } from "./task.ts";

/** Redis has no memory left for new tasks; those that exist can still be finished. Nothing was added. Code `IMGQ_QUEUE_FULL`. */
export class QueueFullError extends ImgqError {
  readonly queue: string;

  constructor(queue: string, cause?: unknown) {
    super(
      "IMGQ_QUEUE_FULL",
      `Queue "${queue}" takes no new tasks: Redis is out of room. Slow down and add again later, purge finished tasks, or raise maxmemory.`,
      cause === undefined ? undefined : { cause },
    );
    this.queue = queue;
  }
}

/** A payload or result is longer than the queue takes. Nothing was stored. Code `IMGQ_TOO_LARGE`. */
export class TooLargeError extends ImgqError {
  readonly bytes: number;
  readonly maxBytes: number;

  constructor(what: "payload" | "result", bytes: number, maxBytes: number) {
    super(
      "IMGQ_TOO_LARGE",
      `The ${what} must have at most ${maxBytes} bytes as JSON; got ${bytes}. Store it elsewhere and pass a path, or raise maxPayloadBytes.`,
    );
    this.bytes = bytes;
    this.maxBytes = maxBytes;
  }
}

/** A payload or result has no JSON form, or is no object the queue may store. Code `IMGQ_NOT_JSON`. */
export class NotJsonError extends ImgqError {
  constructor(what: "payload" | "result", detail: string, cause?: unknown) {
    super(
      "IMGQ_NOT_JSON",
      `The ${what} must have a JSON form; ${detail}. Pass plain objects, arrays, strings, finite numbers, booleans and null.`,
      cause === undefined ? undefined : { cause },
    );
  }
}

/** The task did not end in time; it may still. Code `IMGQ_WAIT_TIMEOUT`. */
export class WaitTimeoutError extends ImgqError {
  readonly taskId: string;
  readonly timeoutMs: number;

  constructor(taskId: string, timeoutMs: number) {
    super(
      "IMGQ_WAIT_TIMEOUT",
      `Task ${taskId} did not end within ${timeoutMs} ms. It goes on; wait again, or cancel it.`,
    );
    this.taskId = taskId;
    this.timeoutMs = timeoutMs;
  }
}

/** There is no task of this id: it was never added, or retention has dropped it. Code `IMGQ_TASK_NOT_FOUND`. */
export class TaskNotFoundError extends ImgqError {
  readonly taskId: string;

  constructor(taskId: string) {
    super(
      "IMGQ_TASK_NOT_FOUND",
      `There is no task ${taskId}. It was never added, or has ended so long ago that retention dropped it; raise retention to keep more.`,
    );
    this.taskId = taskId;
  }
}

/** The queue was closed by this program. Code `IMGQ_QUEUE_CLOSED`. */
export class QueueClosedError extends ImgqError {
  constructor(queue: string, call: string) {
    super("IMGQ_QUEUE_CLOSED", `${call} was called on the closed queue "${queue}". Call it before close().`);
  }
}

/** The task is stored, but the asked-for durability was not reached in time. Adding it again with the same id tries again. Code `IMGQ_NOT_DURABLE`. */
export class DurabilityError extends ImgqError {
  readonly ids: readonly string[];
  readonly achieved: DurabilityAchieved;

  constructor(ids: readonly string[], wanted: string, achieved: DurabilityAchieved) {
    super(
      "IMGQ_NOT_DURABLE",
      `The task is stored but not yet ${wanted}: ${achieved.replicas} replicas have it, ${achieved.fsynced ? "it is" : "it is not known to be"} on disk. Add it again with the same id, or check the replicas and appendonly.`,
    );
    this.ids = ids;
    this.achieved = achieved;
  }
}

/** How safe a stored task is known to be. */
export interface DurabilityAchieved {
  readonly replicas: number;
  readonly fsynced: boolean;
}

/** Thrown by a handler: no retry will help, straight to the dead letters. Code `IMGQ_UNRECOVERABLE`. */
export class UnrecoverableError extends ImgqError {
  readonly deadReason: DeadReason;

  constructor(message: string, options: ErrorOptions & { readonly deadReason?: DeadReason } = {}) {
    super("IMGQ_UNRECOVERABLE", message, options);
    this.deadReason = options.deadReason ?? "unrecoverable";
  }
}

/** Thrown by a handler: not now, no attempt is spent. Code `IMGQ_RETRY_LATER`. */
export class RetryLaterError extends ImgqError {
  readonly delayMs: number;

  constructor(options: ErrorOptions & { readonly delayMs: number; readonly message?: string }) {
    super("IMGQ_RETRY_LATER", options.message ?? `Try again in ${options.delayMs} ms.`, options);
    this.delayMs = options.delayMs;
  }
}
