import { type Logger, sleep } from "@imgq/core";
import type { Claim, Queue } from "@imgq/queue";

/** What a worker could take now. */
export interface Room {
  /** Tasks that could start at once. */
  readonly slots: number;
  /** Tasks that could wait in hand for a slot. */
  readonly ahead: number;
}

export interface ClaimerOptions<P, R> {
  readonly queue: Queue<P, R>;
  readonly workerId: string;
  readonly leaseMs: number;
  /** Without any it waits for `wake`. */
  readonly room: () => Room;
  readonly onClaims: (claims: readonly Claim<P>[]) => void;
  readonly log: Logger;
}

/** Milliseconds a claim waits in Redis for a task. Bounded, so that a connection that died silently is noticed. */
const WAIT_MS = 4000;
const MAX_PAUSE_MS = 1000;

/** Asks for tasks whenever there is room, one claim at a time. */
export class Claimer<P, R> {
  readonly #options: ClaimerOptions<P, R>;
  #stopped = false;
  #due = false;
  #underWay: Promise<void> | undefined;
  #interrupt = new AbortController();
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
    this.wake();
  }

  /**
   * There is room now, or will be before this turn of the loop is over. Call it before the outcomes of the turn are sent:
   * the queue sends what is called in one turn together, so that settling and claiming anew cost one round trip.
   */
  wake(): void {
    if (this.#due || this.#underWay !== undefined) return;
    this.#due = true;
    // When all promise callbacks of this turn have run: of a hundred tasks that end together, the claim sees a hundred slots.
    process.nextTick(() => {
      this.#due = false;
      this.#claimIfRoom();
    });
  }

  /** Ends the wait of the claim under way; it still brings what it has. */
  interrupt(): void {
    this.#failures = 0;
    this.#interrupt.abort();
    this.wake();
  }

  /** Resolves when no claim is under way any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#interrupt.abort();
    await this.#underWay;
  }

  #claimIfRoom(): void {
    if (this.#stopped || this.#underWay !== undefined) return;
    const room = this.#options.room();
    if (room.slots > 0 || room.ahead > 0) this.#underWay = this.#claim(room);
  }

  async #claim({ slots, ahead }: Room): Promise<void> {
    const { queue, workerId, leaseMs, onClaims, log } = this.#options;
    if (this.#interrupt.signal.aborted) this.#interrupt = new AbortController();
    const { signal } = this.#interrupt;
    let more = true;
    try {
      const claims = await queue.claim({
        worker: workerId,
        limit: slots,
        ahead,
        waitMs: WAIT_MS,
        signal,
        leaseMs,
      });
      this.#failures = 0;
      if (claims.length > 0) {
        this.#claimedAt = performance.now();
        onClaims(claims);
      }
      // When there was nothing to take ahead, the next slot that becomes free asks again.
      more = ahead === 0 || claims.length > slots;
    } catch (error) {
      this.#failures += 1;
      // Said once an outage: the beats report its length.
      if (this.#failures === 1 && !this.#stopped) log.warn("Claim failed, will try again", { error });
      await sleep(Math.min(50 * 2 ** this.#failures, MAX_PAUSE_MS), signal);
    }
    this.#underWay = undefined;
    if (more || this.#options.room().slots > 0) this.#claimIfRoom();
  }
}
