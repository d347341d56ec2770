import { ImgqError } from "@imgq/core";

/** A receiver of alerts said that this message will never do. Code `IMGQ_NOTIFY_REFUSED`. */
export class NotifyRefusedError extends ImgqError {
  readonly status: number;

  constructor(url: string, status: number) {
    super(
      "IMGQ_NOTIFY_REFUSED",
      `${url} refused an alert with status ${status}. Check the address and the credentials; the message is not sent again.`,
    );
    this.status = status;
  }
}

/** A receiver of alerts could not take a message now. Code `IMGQ_NOTIFY_FAILED`. */
export class NotifyFailedError extends ImgqError {
  constructor(url: string, reason: string, cause?: unknown) {
    super(
      "IMGQ_NOTIFY_FAILED",
      `An alert could not be sent to ${url}: ${reason}. It is tried again.`,
      cause === undefined ? undefined : { cause },
    );
  }
}
