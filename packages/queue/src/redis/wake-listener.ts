import { type Logger, SECOND } from "@imgq/core";
import { RedisClosedError, type RedisConnection } from "@imgq/core/redis";
import { wakeKey } from "./keys.ts";
import type { ScriptRunner } from "./script-runner.ts";

/** Blocks on a worker's wake list, on a connection of its own, one bounded command at a time. */
export class WakeListener {
  readonly #runner: ScriptRunner;
  readonly #worker: string;
  readonly #log: Logger;
  #connection: RedisConnection | undefined;
  #listening = false;
  #wantedUntil = 0;
  #onWake = (): void => {};
  #closed = false;

  constructor(runner: ScriptRunner, worker: string, log: Logger) {
    this.#runner = runner;
    this.#worker = worker;
    this.#log = log;
  }

  /** Calls `onWake` when somebody wakes the worker within `blockMs`. A listener that still blocks goes on for the new caller. */
  listen(blockMs: number, onWake: () => void): void {
    this.#onWake = onWake;
    this.#wantedUntil = performance.now() + blockMs;
    if (!this.#listening && !this.#closed) void this.#block(blockMs);
  }

  reconnect(reason: string): void {
    this.#connection?.replace(reason);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#connection?.close();
  }

  async #block(blockMs: number): Promise<void> {
    this.#listening = true;
    this.#connection ??= this.#runner.connection.duplicate("queue-wake");
    const key = wakeKey(this.#runner.base, this.#worker);
    try {
      const woken = await this.#connection.call("BLPOP", (client) => client.blpop(key, blockMs / SECOND), {
        deadlineMs: blockMs + 3 * SECOND,
      });
      this.#listening = false;
      if (woken !== null) this.#onWake();
      // Whoever came while it blocked for an earlier caller must not sleep on deaf.
      else if (performance.now() < this.#wantedUntil && !this.#closed) void this.#block(blockMs);
    } catch (error) {
      this.#listening = false;
      // The worker looks by itself after its block anyway, so a listener that failed costs only time.
      if (!(error instanceof RedisClosedError)) this.#log.debug("Listening for tasks failed", { error });
    }
  }
}
