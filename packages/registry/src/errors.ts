import { ImgqError } from "@imgq/core";

/** The worker is not registered: it never was, it has ended, or Redis lost its data. Register it again. Code `IMGQ_UNKNOWN_WORKER`. */
export class UnknownWorkerError extends ImgqError {
  readonly workerId: string;

  constructor(workerId: string) {
    super("IMGQ_UNKNOWN_WORKER", `Worker ${workerId} is not registered. Call register() before heartbeat().`);
    this.workerId = workerId;
  }
}
