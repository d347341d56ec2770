import type { QueueStats } from "@imgq/queue";

/** Remembers when a queue last moved: an attempt ended, or there was nothing to do. */
export class ProgressWatch {
  #ended = -1;
  #movedAt = 0;

  /** Milliseconds without progress, given a fresh reading. `nowMs` is monotonic. */
  sinceProgressMs(stats: QueueStats, nowMs: number): number {
    const { totals, counts } = stats;
    const ended = totals.completed + totals.failed + totals.dead + totals.cancelled + totals.retried;
    const idle = stats.paused || counts.pending + counts.processing === 0;
    // A smaller total is a cleared queue: that too is a new beginning.
    if (idle || ended !== this.#ended || this.#movedAt === 0) this.#movedAt = nowMs;
    this.#ended = ended;
    return nowMs - this.#movedAt;
  }
}
