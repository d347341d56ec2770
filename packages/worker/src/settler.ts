import { ImgqError, type Logger, sleep } from "@imgq/core";
import { classifyRedisError } from "@imgq/core/redis";
import type { Claim, Queue, SettleReply } from "@imgq/queue";
import type { Outcome } from "./outcome.ts";

/** `given-up`: Redis refused the outcome for good, or the worker ends without it; recovery will find the task. */
export type Settlement = SettleReply | "given-up";

/** What there is to tell of a task that has ended here. */
export interface EndedTask<P, R> {
  readonly claim: Claim<P>;
  readonly outcome: Outcome<R>;
}

/**
 * Tells the queue how an execution ended, as often as it takes: a finished picture is not lost because Redis is away for
 * a minute. The fencing token makes every repeat harmless.
 */
export class Settler<P, R, Ended extends EndedTask<P, R>> {
  readonly #queue: Queue<P, R>;
  readonly #onSettled: (ended: Ended, settlement: Settlement) => void;
  readonly #log: Logger;
  readonly #giveUp = new AbortController();
  #inTrouble = 0;

  /** `onSettled` is called once with each task: when its outcome is told, or never will be. */
  constructor(queue: Queue<P, R>, onSettled: (ended: Ended, settlement: Settlement) => void, log: Logger) {
    this.#queue = queue;
    this.#onSettled = onSettled;
    this.#log = log;
  }

  /** Whether outcomes are waiting that Redis did not take at the first try. */
  get inTrouble(): boolean {
    return this.#inTrouble > 0;
  }

  /** Ends all further tries. A call under way may still take its deadline. */
  giveUp(): void {
    this.#giveUp.abort();
  }

  /**
   * The first call to the queue is made before this returns, so that it shares a round trip with the next claim. Not
   * `async`: what is done for every task goes with one promise around the queue's.
   */
  settle(ended: Ended): void {
    this.#send(ended.claim, ended.outcome).then(
      (reply) => this.#onSettled(ended, reply),
      (error: unknown) => this.#recover(ended, error),
    );
  }

  async #recover(ended: Ended, error: unknown): Promise<void> {
    this.#inTrouble += 1;
    const settlement = await this.#tryAgain(ended.claim, ended.outcome, error);
    this.#inTrouble -= 1;
    this.#onSettled(ended, settlement);
  }

  async #tryAgain(claim: Claim<P>, outcome: Outcome<R>, firstError: unknown): Promise<Settlement> {
    let current = outcome;
    let error = firstError;
    for (let tries = 1; ; tries += 1) {
      if (current.kind === "completed" && isUnstorable(error)) {
        // The work was done but its result cannot be kept; running it again would change nothing.
        current = { kind: "failed", error, deadReason: "unrecoverable" };
      } else {
        if (this.#giveUp.signal.aborted || isClosed(error)) return "given-up";
        if (isFatal(error) && tries >= MAX_FATAL_TRIES) {
          this.#log.error("Outcome refused, given up", { taskId: claim.id, outcome: current.kind, error });
          return "given-up";
        }
        this.#log.debug("Outcome not taken, will try again", { taskId: claim.id, tries, error });
        await sleep(Math.min(50 * 2 ** Math.min(tries, 5), 1000), this.#giveUp.signal);
        if (this.#giveUp.signal.aborted) return "given-up";
      }
      try {
        return await this.#send(claim, current);
      } catch (nextError) {
        error = nextError;
      }
    }
  }

  #send(claim: Claim<P>, outcome: Outcome<R>): Promise<SettleReply> {
    switch (outcome.kind) {
      case "completed":
        return this.#queue.complete(claim, outcome.result);
      case "failed":
        return this.#queue.fail(
          claim,
          outcome.error,
          outcome.deadReason === undefined ? {} : { deadReason: outcome.deadReason },
        );
      case "timeout":
        return this.#queue.fail(claim, outcome.error, { outcome: "timeout" });
      case "cancelled":
        return this.#queue.fail(claim, outcome.error, { deadReason: "cancelled" });
      case "later":
        return this.#queue.release(claim, { delayMs: outcome.delayMs });
      case "released":
        return this.#queue.release(claim);
      case "lost":
        return Promise.resolve("lease-lost");
      default:
        return outcome satisfies never;
    }
  }
}

const MAX_FATAL_TRIES = 10;

/** Full memory passes; what is left are bugs and refusals. */
function isFatal(error: unknown): boolean {
  return !hasCode(error, "IMGQ_QUEUE_FULL") && classifyRedisError(error) === "fatal";
}

function isUnstorable(error: unknown): boolean {
  return hasCode(error, "IMGQ_NOT_JSON", "IMGQ_TOO_LARGE");
}

function isClosed(error: unknown): boolean {
  return hasCode(error, "IMGQ_QUEUE_CLOSED", "IMGQ_REDIS_CLOSED");
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof ImgqError && codes.includes(error.code);
}
