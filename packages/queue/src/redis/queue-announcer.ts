import type { RedisConnection } from "@imgq/core/redis";
import type { ResolvedQueueOptions } from "../options.ts";
import { announceQueue, forgetQueue } from "./queue-names.ts";

/** Makes the name of an opened queue known with the first task that is added, and again after it was forgotten. */
export class QueueAnnouncer {
  readonly #connection: RedisConnection;
  readonly #options: ResolvedQueueOptions;
  #announced = false;

  constructor(connection: RedisConnection, options: ResolvedQueueOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Once, whatever comes of it: adding must not wait for it, nor be slowed by it again and again. */
  announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    const { prefix, name, log } = this.#options;
    announceQueue(this.#connection, prefix, name).catch((error: unknown) =>
      log.debug("The queue's name could not be announced", { error }),
    );
  }

  async forget(): Promise<void> {
    const { prefix, name } = this.#options;
    await forgetQueue(this.#connection, prefix, name);
    this.#announced = false;
  }
}
