import type { WorkerStats } from "./worker.ts";

type Totals = WorkerStats["totals"];

const WINDOW_S = 60;

/** Counts what a worker has done. */
export class Tally {
  readonly #totals: { -readonly [Name in keyof Totals]: number } = {
    completed: 0,
    failed: 0,
    retried: 0,
    released: 0,
    lost: 0,
    dead: 0,
    timedOut: 0,
    cancelled: 0,
    abandoned: 0,
  };
  /** Tasks ended in each of the last 60 seconds, the second's number modulo 60 their place; and which second that was. */
  readonly #ended = new Float64Array(WINDOW_S);
  readonly #seconds = new Float64Array(WINDOW_S);

  get totals(): Totals {
    return { ...this.#totals };
  }

  count(name: keyof Totals): void {
    this.#totals[name] += 1;
  }

  /** One more task has ended, at a monotonic instant. */
  ended(at: number): void {
    const second = Math.floor(at / 1000);
    const place = second % WINDOW_S;
    const isNew = this.#seconds[place] !== second;
    this.#seconds[place] = second;
    this.#ended[place] = isNew ? 1 : (this.#ended[place] ?? 0) + 1;
  }

  perMinute(at: number): number {
    const oldest = Math.floor(at / 1000) - WINDOW_S;
    return this.#ended.reduce(
      (sum, tasks, place) => ((this.#seconds[place] ?? 0) > oldest ? sum + tasks : sum),
      0,
    );
  }
}
