import { ImgqError } from "@imgq/core";

/** Why an input cannot be processed; stays the same whatever a version of libvips says of it. */
export type InvalidImageReason =
  | "damaged"
  | "unknown-format"
  | "empty"
  | "too-many-bytes"
  | "too-many-pixels"
  | "too-many-frames"
  | "changed";

/**
 * The input is not a picture that can be processed: damaged, of a kind that is not read, or beyond the limits. Code
 * `IMGQ_INVALID_IMAGE`. `permanent`: trying again cannot help, so a worker does not retry it.
 */
export class InvalidImageError extends ImgqError {
  readonly permanent = true;
  readonly input: string;
  readonly reason: InvalidImageReason;
  /** What libvips said, where it did. In the message it is quoted, so that errors of one reason are grouped by it. */
  readonly detail: string | undefined;

  constructor(
    input: string,
    reason: InvalidImageReason,
    message: string,
    options: ErrorOptions & { readonly detail?: string } = {},
  ) {
    const { detail, ...rest } = options;
    super("IMGQ_INVALID_IMAGE", `${input}: ${message}`, rest);
    this.input = input;
    this.reason = reason;
    this.detail = detail;
  }
}

/** The input does not exist, or is not a file that may be read. Code `IMGQ_INPUT_MISSING` or `IMGQ_INPUT_UNREADABLE`. */
export class InputError extends ImgqError {
  readonly permanent = true;
  readonly input: string;

  constructor(
    code: "IMGQ_INPUT_MISSING" | "IMGQ_INPUT_UNREADABLE",
    input: string,
    message: string,
    cause?: unknown,
  ) {
    super(code, `${input}: ${message}`, cause === undefined ? undefined : { cause });
    this.input = input;
  }
}

/** A path leads out of its root, or to something that is not a regular file. Code `IMGQ_UNSAFE_PATH`. */
export class UnsafePathError extends ImgqError {
  readonly permanent = true;
  readonly path: string;

  constructor(path: string, message: string) {
    super("IMGQ_UNSAFE_PATH", `${path}: ${message}`);
    this.path = path;
  }
}

/** The task itself is malformed: a field is missing, unknown or of the wrong kind. Code `IMGQ_INVALID_TASK`. */
export class InvalidTaskError extends ImgqError {
  readonly permanent = true;

  constructor(message: string) {
    super("IMGQ_INVALID_TASK", message);
  }
}

/** The list of steps cannot be read, or names a filter that the pipeline does not have. Code `IMGQ_INVALID_PIPELINE`. */
export class InvalidPipelineError extends ImgqError {
  readonly permanent = true;
  /** Number of the step, from 1, where there is one to name. */
  readonly step: number | undefined;

  constructor(message: string, step?: number, options?: ErrorOptions) {
    super("IMGQ_INVALID_PIPELINE", message, options);
    this.step = step;
  }
}

/** A step would make a picture beyond the limits. Code `IMGQ_LIMIT_EXCEEDED`. */
export class LimitExceededError extends ImgqError {
  readonly permanent = true;

  constructor(message: string) {
    super("IMGQ_LIMIT_EXCEEDED", message);
  }
}

/** The task took longer than `limits.timeMs`. Not permanent: the machine may have been busy. Code `IMGQ_TIME_LIMIT`. */
export class TimeLimitError extends ImgqError {
  constructor(input: string, timeMs: number) {
    super(
      "IMGQ_TIME_LIMIT",
      `${input}: not done after ${timeMs} ms. Raise limits.timeMs, or ask for a smaller output.`,
    );
  }
}

/** libvips refused an operation on pixels that were decoded already. Code `IMGQ_OPERATION_FAILED`. */
export class OperationFailedError extends ImgqError {
  constructor(input: string, operation: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message.trim() : String(cause);
    super("IMGQ_OPERATION_FAILED", `${input}: ${operation} failed (${reason}).`, { cause });
  }
}
