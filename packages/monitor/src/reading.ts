import { type ErrorSummary, summarizeError } from "@imgq/core";

/** What is known of one part of the system. `value` is the last one ever read; `error` is set when reading it now failed. */
export interface Known<T> {
  readonly value?: T;
  readonly error?: ErrorSummary;
}

/**
 * Reads one part of the system again and again: never longer than its deadline, never throwing, and never two readings
 * at once, so that an outage does not pile up calls.
 */
export class Reading<T> {
  readonly #what: string;
  readonly #read: () => Promise<T>;
  readonly #deadlineMs: number;
  #underWay: Promise<T> | undefined;
  #last: T | undefined;

  constructor(what: string, deadlineMs: number, read: () => Promise<T>) {
    this.#what = what;
    this.#read = read;
    this.#deadlineMs = deadlineMs;
  }

  async take(): Promise<Known<T>> {
    let timer: NodeJS.Timeout | undefined;
    const expiry = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`No answer from ${this.#what} within ${this.#deadlineMs} ms.`)),
        this.#deadlineMs,
      );
    });
    try {
      this.#last = await Promise.race([this.#joined(), expiry]);
      return { value: this.#last };
    } catch (error) {
      return { ...(this.#last === undefined ? {} : { value: this.#last }), error: summarizeError(error) };
    } finally {
      clearTimeout(timer);
    }
  }

  #joined(): Promise<T> {
    if (this.#underWay === undefined) {
      this.#underWay = this.#read().finally(() => {
        this.#underWay = undefined;
      });
      // Nobody may be waiting any more when it fails.
      this.#underWay.catch(() => {});
    }
    return this.#underWay;
  }
}
