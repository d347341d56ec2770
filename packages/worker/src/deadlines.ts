import type { Execution } from "./execution.ts";

/** Longer timers fire at once in Node. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * One timer for the timeouts of all tasks that run. Nearly all end long before theirs, and a timer of its own would be made
 * and unmade with each of many short tasks. This one is set for the earliest and is left alone when a task ends; when it
 * fires it looks whose time is up.
 */
export class Deadlines {
  readonly #running: () => readonly Pick<Execution, "deadline" | "timeOut">[];
  #timer: NodeJS.Timeout | undefined;
  #nextAt = Number.POSITIVE_INFINITY;

  constructor(running: () => readonly Pick<Execution, "deadline" | "timeOut">[]) {
    this.#running = running;
  }

  /** A handler was called that has to end by this instant of the monotonic clock. */
  expect(deadline: number): void {
    if (deadline < this.#nextAt) this.#lookAt(deadline);
  }

  #lookAt(instant: number): void {
    clearTimeout(this.#timer);
    this.#nextAt = instant;
    const ms = Math.ceil(instant - performance.now());
    // When all tasks have ended it must not keep the process.
    this.#timer = setTimeout(() => this.#look(), Math.min(Math.max(1, ms), MAX_TIMER_MS)).unref();
  }

  #look(): void {
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const execution of this.#running()) {
      if (execution.deadline <= now) execution.timeOut();
      else next = Math.min(next, execution.deadline);
    }
    this.#nextAt = Number.POSITIVE_INFINITY;
    this.expect(next);
  }
}
