import { type Logger, MINUTE, SECOND, sleep } from "@imgq/core";
import type { ActiveAlert, AlertMessage } from "../alerts/alert.ts";
import { NotifyRefusedError } from "../errors.ts";
import type { Notifier } from "./notifier.ts";

export interface DeliveryOptions {
  /** Milliseconds one attempt may take. @default 5000 */
  readonly attemptMs?: number;
  /** Milliseconds before the first retry; doubles with each, up to a minute. @default 1000 */
  readonly retryMs?: number;
  /** Milliseconds after which an undelivered message is given up. @default 1 hour */
  readonly giveUpMs?: number;
  /** Messages that may wait; beyond it the oldest is given up. @default 100 */
  readonly maxWaiting?: number;
}

interface Waiting {
  readonly message: AlertMessage;
  readonly acceptedAt: number;
  readonly settled: () => void;
}

/**
 * Brings messages to one notifier, one after another in their order, with retries. Accepting a message never waits and
 * never fails, so a receiver that is down, slow or failing holds up nothing but its own queue.
 */
export class Delivery {
  readonly #notifier: Notifier;
  readonly #options: Required<DeliveryOptions>;
  readonly #log: Logger;
  readonly #abort = new AbortController();
  readonly #waiting: Waiting[] = [];
  #loop: Promise<void> | undefined;

  constructor(notifier: Notifier, log: Logger, options: DeliveryOptions = {}) {
    this.#notifier = notifier;
    this.#log = log.child({ notifier: notifier.name });
    this.#options = {
      attemptMs: 5 * SECOND,
      retryMs: SECOND,
      giveUpMs: 60 * MINUTE,
      maxWaiting: 100,
      ...options,
    };
  }

  /** `settled` is called once, when the message was delivered or given up; never after {@link stop}. */
  accept(message: AlertMessage, settled: () => void): void {
    if (this.#abort.signal.aborted) return;
    if (this.#waiting.length >= this.#options.maxWaiting)
      this.#giveUp(this.#waiting.shift(), "too many wait");
    this.#waiting.push({ message, acceptedAt: performance.now(), settled });
    this.#loop ??= this.#run().finally(() => {
      this.#loop = undefined;
    });
  }

  remind(active: readonly ActiveAlert[]): void {
    // While messages wait, a reminder could overtake the message that ends the alert.
    if (this.#notifier.remind === undefined || this.#waiting.length > 0) return;
    this.#attempt((signal) => this.#notifier.remind?.(active, signal) ?? Promise.resolve()).catch((error) =>
      this.#log.debug("alert reminder failed", { error }),
    );
  }

  /** Resolves when nothing waits any more, or after `ms`; what then still waits is abandoned. */
  async stop(ms: number): Promise<void> {
    const patience = new AbortController();
    if (this.#loop !== undefined) {
      await Promise.race([this.#loop, sleep(ms, patience.signal)]);
    }
    patience.abort();
    this.#abort.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    let failures = 0;
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const { message } = next;
      try {
        await this.#attempt((signal) => this.#notifier.notify(message, signal));
        failures = 0;
        if (this.#remove(next)) next.settled();
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        failures += 1;
        this.#log.warn("alert not delivered", { alert: message.id, failures, error });
        const age = performance.now() - next.acceptedAt;
        if (error instanceof NotifyRefusedError || age > this.#options.giveUpMs) {
          if (this.#remove(next)) this.#giveUp(next, "refused or too old");
          continue;
        }
        await sleep(Math.min(this.#options.retryMs * 2 ** (failures - 1), MINUTE), this.#abort.signal);
        if (this.#abort.signal.aborted) return;
      }
    }
  }

  /** Bounded even when the notifier ignores its signal. */
  async #attempt(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(this.#options.attemptMs)]);
    let onAbort = (): void => {};
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(new Error(`no answer within ${this.#options.attemptMs} ms`));
      signal.addEventListener("abort", onAbort, { once: true });
    });
    try {
      await Promise.race([run(signal), aborted]);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** False: it was given up meanwhile to make room, and is settled already. */
  #remove(entry: Waiting): boolean {
    const index = this.#waiting.indexOf(entry);
    if (index >= 0) this.#waiting.splice(index, 1);
    return index >= 0;
  }

  #giveUp(entry: Waiting | undefined, reason: string): void {
    if (entry === undefined) return;
    this.#log.error("alert given up", { alert: entry.message.id, reason });
    entry.settled();
  }
}
