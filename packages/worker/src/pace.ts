/** Tasks that must have ended before anything is claimed ahead: the first ones say little. */
const WARM_UP = 8;
/** The weight of the latest run in the mean. */
const WEIGHT = 1 / 8;
/** Keeps a worker from taking a whole queue, however short its tasks are. */
const MAX_AHEAD = 256;

/**
 * How long this worker's tasks run, and so how many may be claimed ahead: as many as will probably have a slot within
 * `claimAheadMs`. A slot then goes from one short task to the next without waiting for Redis.
 */
export class Pace {
  readonly #claimAheadMs: number;
  #runs = 0;
  #meanMs = 0;

  constructor(claimAheadMs: number) {
    this.#claimAheadMs = claimAheadMs;
  }

  note(runMs: number): void {
    this.#runs += 1;
    this.#meanMs += (runMs - this.#meanMs) * Math.max(WEIGHT, 1 / this.#runs);
  }

  /** A task in hand waited far longer than was foreseen: runs were short, and are no more. */
  stumble(): void {
    this.#meanMs = Math.max(this.#meanMs, this.#claimAheadMs / WEIGHT);
  }

  /** How many tasks may wait in hand for one of `slots`. */
  ahead(slots: number): number {
    if (this.#runs < WARM_UP) return 0;
    return Math.min(MAX_AHEAD, Math.floor((slots * this.#claimAheadMs) / Math.max(this.#meanMs, 0.01)));
  }
}
