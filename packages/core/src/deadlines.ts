import { Roster, type RosterMember } from "./roster.ts";

/** Something that may wait no longer than until `at`. */
export interface Deadline extends RosterMember {
  /** By the monotonic clock, in milliseconds. */
  readonly at: number;
  /** Called once, when `at` has passed, unless it was removed before. */
  onPassed(): void;
}

/**
 * Many deadlines on one timer. Nearly all are removed before they pass, so adding and removing costs no timer: the one
 * there is stays where the earliest deadline was, and looks anew when it fires. Keeps the process alive while there are any.
 */
export class Deadlines<T extends Deadline = Deadline> {
  readonly #waiting = new Roster<T>();
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Number.POSITIVE_INFINITY;

  add(deadline: T): void {
    this.#waiting.add(deadline);
    if (deadline.at < this.#firesAt) this.#arm(deadline.at);
    else if (this.#waiting.size === 1) this.#timer?.ref();
  }

  delete(deadline: T): void {
    if (this.#waiting.delete(deadline) && this.#waiting.size === 0) this.#timer?.unref();
  }

  members(): T[] {
    return this.#waiting.members();
  }

  #arm(at: number): void {
    clearTimeout(this.#timer);
    this.#firesAt = at;
    // A timer may fire a fraction of a millisecond early, and waits 2^31 ms at most.
    const ms = Math.min(Math.max(0, Math.ceil(at - performance.now())), MAX_TIMER_MS);
    this.#timer = setTimeout(() => this.#onTimer(), ms);
  }

  #onTimer(): void {
    this.#firesAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    for (const deadline of this.#waiting.members().sort((one, other) => one.at - other.at)) {
      if (deadline.at > now) {
        if (this.#waiting.size > 0 && deadline.at < this.#firesAt) this.#arm(deadline.at);
        break;
      }
      if (this.#waiting.delete(deadline)) deadline.onPassed();
    }
  }
}

const MAX_TIMER_MS = 2 ** 31 - 1;
