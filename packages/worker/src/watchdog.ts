import { type Logger, PeriodicService } from "@imgq/core";
import type { Queue } from "@imgq/queue";
import { SilentConsumerError } from "./errors.ts";

export interface WatchdogOptions {
  readonly queue: Pick<Queue, "name" | "stats" | "reconnect">;
  readonly silentAfterMs: number;
  /** Whether the worker wants tasks now and could start one. */
  readonly hungry: () => boolean;
  /** Monotonic instant of the last claim that brought a task. */
  readonly claimedAt: () => number;
  /** Ends a claim under way. */
  readonly interrupt: () => void;
  readonly onSilent: (error: SilentConsumerError) => void;
  readonly log: Logger;
}

/**
 * Looks for the worst state of a worker: it looks alive and consumes nothing. Tasks pending, slots free, nothing claimed
 * for a while: first the connection is replaced; if that does not help, the worker is told to end.
 */
export class Watchdog {
  readonly service: PeriodicService;
  readonly #options: WatchdogOptions;
  #silentSince: number | undefined;
  #replaced = false;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.service = new PeriodicService({
      name: "watchdog",
      intervalMs: options.silentAfterMs / 5,
      runAtStart: false,
      runOnce: () => this.#look(),
      log: options.log,
    });
  }

  /** Milliseconds of silence so far; 0 when all is well. */
  silentMs(at: number): number {
    return this.#silentSince === undefined ? 0 : Math.round(at - this.#silentSince);
  }

  async #look(): Promise<number> {
    const { queue, silentAfterMs, hungry, claimedAt, interrupt, onSilent, log } = this.#options;
    const before = claimedAt();
    if (!hungry()) return this.#well();
    const { counts, paused } = await queue.stats();
    if (counts.pending === 0 || paused || !hungry() || claimedAt() !== before) return this.#well();
    const now = performance.now();
    this.#silentSince ??= now;
    const silentMs = now - this.#silentSince;
    if (silentMs < silentAfterMs) return 0;
    if (!this.#replaced) {
      log.warn("Tasks are pending and nothing is claimed, replacing the connection", { queue: queue.name });
      this.#replaced = true;
      queue.reconnect?.("nothing was claimed though tasks are pending");
      interrupt();
      return 1;
    }
    if (silentMs < 2 * silentAfterMs) return 0;
    onSilent(new SilentConsumerError(queue.name, silentMs));
    return 1;
  }

  #well(): number {
    this.#silentSince = undefined;
    this.#replaced = false;
    return 0;
  }
}
