import type { Logger } from "@imgq/core";
import type { SettleReply, TaskProgress } from "@imgq/queue";

export interface ProgressReporterOptions {
  readonly send: (progress: TaskProgress) => Promise<SettleReply>;
  readonly onLeaseLost: () => void;
  readonly log: Logger;
}

/** Milliseconds between two reports of one task: often enough to watch, too seldom to burden Redis. */
const INTERVAL_MS = 250;

/** Sends the latest progress of a task, never more often than every 250 ms, and never two at once. */
export class ProgressReporter {
  readonly #options: ProgressReporterOptions;
  #latest: TaskProgress | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sending = false;
  #ended = false;
  #sentAt = Number.NEGATIVE_INFINITY;

  constructor(options: ProgressReporterOptions) {
    this.#options = options;
  }

  report(fraction: number, note?: string): void {
    const bounded = Number.isFinite(fraction) ? Math.min(1, Math.max(0, fraction)) : 0;
    this.#latest = { fraction: bounded, ...(note === undefined ? {} : { note: String(note).slice(0, 200) }) };
    this.#schedule();
  }

  /** Sends nothing more. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#latest === undefined || this.#sending || this.#ended || this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#sentAt + INTERVAL_MS - performance.now());
    this.#timer = setTimeout(() => void this.#flush(), waitMs);
  }

  async #flush(): Promise<void> {
    const { send, onLeaseLost, log } = this.#options;
    const told = this.#latest;
    this.#timer = undefined;
    this.#latest = undefined;
    if (told === undefined) return;
    this.#sending = true;
    this.#sentAt = performance.now();
    try {
      if ((await send(told)) === "lease-lost") onLeaseLost();
    } catch (error) {
      // Progress is a courtesy: the task goes on without it.
      log.debug("Progress was not stored", { error });
    }
    this.#sending = false;
    this.#schedule();
  }
}
