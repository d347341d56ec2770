import { ImgqError } from "@imgq/core";

/** A request that cannot be served as it is. The message goes to the page. Code `IMGQ_BAD_REQUEST` or `IMGQ_FORBIDDEN` or `IMGQ_NOT_FOUND`. */
export class RequestError extends ImgqError {
  readonly status: number;

  constructor(status: 400 | 401 | 403 | 404 | 405 | 413 | 415, message: string) {
    const code =
      status === 404 ? "NOT_FOUND" : status === 401 || status === 403 ? "FORBIDDEN" : "BAD_REQUEST";
    super(`IMGQ_${code}`, message);
    this.status = status;
  }
}
