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
  /** Tasks ended in each of the last 60 seconds. */
  readonly #seconds = new Map<number, number>();

  get totals(): Totals {
    return { ...this.#totals };
  }

  count(name: keyof Totals): void {
    this.#totals[name] += 1;
  }

  /** One more task has ended, at a monotonic instant. */
  ended(at: number): void {
    const second = Math.floor(at / 1000);
    this.#seconds.set(second, (this.#seconds.get(second) ?? 0) + 1);
    for (const old of this.#seconds.keys()) {
      if (old > second - WINDOW_S) break;
      this.#seconds.delete(old);
    }
  }

  perMinute(at: number): number {
    const oldest = Math.floor(at / 1000) - WINDOW_S;
    let sum = 0;
    for (const [second, tasks] of this.#seconds) if (second > oldest) sum += tasks;
    return sum;
  }
}
