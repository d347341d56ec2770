import type { Execution } from "./execution.ts";

/** Milliseconds of one turn of the loop that may go to tasks which end at once; then timers and sockets have theirs. */
const TURN_MS = 10;

/**
 * Calls handlers. One task may follow another within a turn of the loop, but not for long; and several that have just been claimed
 * wait for the next turn, so that the claim after theirs is on its way while they run.
 */
export class Starter<P, R> {
  readonly #start: (execution: Execution<P, R>, now: number) => void;
  #next: Execution<P, R>[] = [];
  #due = false;
  #turnEndsAt = 0;

  /** `start` is told the instant by the monotonic clock. */
  constructor(start: (execution: Execution<P, R>, now: number) => void) {
    this.#start = start;
  }

  add(execution: Execution<P, R>): void {
    this.#next.push(execution);
    if (this.#due) return;
    this.#due = true;
    if (performance.now() < this.#turnEndsAt) queueMicrotask(() => this.#run());
    else this.#runNextTurn();
  }

  /** So many tasks have just been claimed. A single one starts at once: there is no claim to send before it. */
  expect(claims: number): void {
    this.#turnEndsAt = claims > 1 ? 0 : performance.now() + TURN_MS;
  }

  #runNextTurn(): void {
    setImmediate(() => {
      this.#turnEndsAt = performance.now() + TURN_MS;
      this.#run();
    });
  }

  #run(): void {
    const executions = this.#next;
    this.#next = [];
    let started = 0;
    for (const execution of executions) {
      const now = performance.now();
      if (now >= this.#turnEndsAt) {
        this.#next.unshift(...executions.slice(started));
        this.#runNextTurn();
        return;
      }
      started += 1;
      this.#start(execution, now);
    }
    this.#due = this.#next.length > 0;
    if (this.#due) queueMicrotask(() => this.#run());
  }
}
