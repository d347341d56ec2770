import { type Logger, sleep } from "@imgq/core";
import type { Claim, Queue } from "@imgq/queue";

export interface ClaimerOptions<P, R> {
  readonly queue: Queue<P, R>;
  readonly workerId: string;
  readonly leaseMs: number;
  /** How many tasks could be started now; 0 waits for `wake`. */
  readonly room: () => number;
  readonly onClaims: (claims: readonly Claim<P>[]) => void;
  readonly log: Logger;
}

/** Milliseconds a claim waits in Redis for a task. Bounded, so that a connection that died silently is noticed. */
const WAIT_MS = 2000;
const MAX_PAUSE_MS = 1000;

/**
 * Asks for tasks whenever there is room, one claim at a time. A task that ends wakes it in the same turn of the loop, so
 * that the queue can settle one task and claim the next in one round trip.
 */
export class Claimer<P, R> {
  readonly #options: ClaimerOptions<P, R>;
  #stopped = false;
  #wake: () => void = () => {};
  #interrupt = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #failures = 0;
  #claimedAt = performance.now();

  constructor(options: ClaimerOptions<P, R>) {
    this.#options = options;
  }

  /** Monotonic instant of the last claim that brought a task. */
  get claimedAt(): number {
    return this.#claimedAt;
  }

  start(): void {
    this.#claimedAt = performance.now();
    this.#loop = this.#run();
  }

  /** There may be room now. */
  wake(): void {
    this.#wake();
  }

  /** Ends the wait of the claim under way; it still brings what it has. */
  interrupt(): void {
    this.#failures = 0;
    this.#interrupt.abort();
    this.#wake();
  }

  /** Resolves when no claim is under way any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.interrupt();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const limit = this.#options.room();
      if (limit > 0) await this.#claim(limit);
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async #claim(limit: number): Promise<void> {
    const { queue, workerId, leaseMs, onClaims, log } = this.#options;
    this.#interrupt = new AbortController();
    const { signal } = this.#interrupt;
    try {
      const claims = await queue.claim({ worker: workerId, limit, waitMs: WAIT_MS, signal, leaseMs });
      this.#failures = 0;
      if (claims.length === 0) return;
      this.#claimedAt = performance.now();
      onClaims(claims);
    } catch (error) {
      if (this.#stopped) return;
      this.#failures += 1;
      // Said once an outage: the beats report its length.
      if (this.#failures === 1) log.warn("Claim failed, will try again", { error });
      await sleep(Math.min(50 * 2 ** this.#failures, MAX_PAUSE_MS), signal);
    }
  }
}
