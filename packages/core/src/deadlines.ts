/** Something that may go on no longer than until its deadline. */
export interface Bounded {
  /** By the monotonic clock, in milliseconds. */
  readonly deadline: number;
  /** Called when the deadline has passed; it ends what is bounded. */
  timeOut(): void;
}

/** Longer timers fire at once in Node. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * One timer for the deadlines of all that goes on. Nearly all ends long before its deadline, and a timer of its own would be
 * made and unmade with each of many short tasks or calls. This one is set for the earliest and is left alone when something
 * ends; when it fires it looks whose time is up. It does not keep the process: what is waited for does.
 */
export class Deadlines {
  readonly #goingOn: () => readonly Bounded[];
  #timer: NodeJS.Timeout | undefined;
  #nextAt = Number.POSITIVE_INFINITY;

  /** `goingOn` says what has not ended yet, in any order. */
  constructor(goingOn: () => readonly Bounded[]) {
    this.#goingOn = goingOn;
  }

  /** Something that goes on has this deadline. */
  expect(deadline: number): void {
    if (deadline < this.#nextAt) this.#lookAt(deadline);
  }

  #lookAt(instant: number): void {
    clearTimeout(this.#timer);
    this.#nextAt = instant;
    const ms = Math.ceil(instant - performance.now());
    this.#timer = setTimeout(() => this.#look(), Math.min(Math.max(1, ms), MAX_TIMER_MS)).unref();
  }

  #look(): void {
    this.#nextAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    for (const one of this.#goingOn()) {
      if (one.deadline <= now) one.timeOut();
      else this.expect(one.deadline);
    }
  }
}
