import type { Logger } from "@imgq/core";
import type { BeatReport } from "./beat/beat-round.ts";

export interface RedisPresenceOptions {
  readonly leaseMs: number;
  /** Redis has begun or ceased to take beats. */
  readonly onChange: (change: { readonly reachable: boolean; readonly awayMs: number }) => void;
  readonly log: Logger;
}

/** Whether Redis answers, as far as this worker's own beats tell. */
export class RedisPresence {
  readonly #options: RedisPresenceOptions;
  #lastBeatAt: number | undefined;
  #reachable = false;

  constructor(options: RedisPresenceOptions) {
    this.#options = options;
  }

  /** Monotonic instant of the last beat that Redis took. */
  get lastBeatAt(): number | undefined {
    return this.#lastBeatAt;
  }

  /** A lease that is about to run out must not cover new tasks; what is in hand goes on, as everybody else is cut off too. */
  mayClaim(): boolean {
    return (
      this.#lastBeatAt !== undefined && performance.now() - this.#lastBeatAt < 0.75 * this.#options.leaseMs
    );
  }

  /** Takes the result of a beat. */
  take({ queueError }: BeatReport): void {
    const { onChange, log } = this.#options;
    const reachable = queueError === undefined;
    const now = performance.now();
    const awayMs = this.#lastBeatAt === undefined ? 0 : Math.round(now - this.#lastBeatAt);
    if (reachable) this.#lastBeatAt = now;
    // Before the first beat Redis was not lost.
    if (reachable === this.#reachable || this.#lastBeatAt === undefined) return;
    this.#reachable = reachable;
    if (reachable) log.info("Redis takes beats", { awayMs });
    else log.warn("Redis takes no beats, claiming pauses", { error: queueError });
    onChange({ reachable, awayMs });
  }
}
