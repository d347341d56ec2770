import { ImgqError } from "@imgq/core";

/** The command line cannot be carried out as written. Code `IMGQ_USAGE`, exit code 2. */
export class UsageError extends ImgqError {
  constructor(message: string) {
    super("IMGQ_USAGE", message);
  }
}

/** What the command line names does not exist. Code `IMGQ_NOT_FOUND`, exit code 1. */
export class NotFoundError extends ImgqError {
  constructor(message: string) {
    super("IMGQ_NOT_FOUND", message);
  }
}

/** Redis gave no answer, or let nobody in. Code `IMGQ_REDIS_UNREACHABLE`, exit code 3. */
export class RedisUnreachableError extends ImgqError {
  constructor(message: string, options?: ErrorOptions) {
    super("IMGQ_REDIS_UNREACHABLE", message, options);
  }
}

/** The person was asked and did not agree, or nobody was there to ask. Code `IMGQ_NOT_CONFIRMED`, exit code 2. */
export class NotConfirmedError extends ImgqError {
  constructor(message: string) {
    super("IMGQ_NOT_CONFIRMED", message);
  }
}
