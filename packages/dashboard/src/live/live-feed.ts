import { type Logger, MINUTE, SECOND, sleep } from "@imgq/core";
import type { Alerts, Monitor } from "@imgq/monitor";
import { History } from "./history.ts";
import type { HistoryPoint, LiveMessage } from "./wire.ts";

export type Listener = (message: LiveMessage) => void;

const EVERY_MS = SECOND;
/** Without viewers the charts' past is kept up for a while, so that a page that comes back is not empty. */
const IDLE_EVERY_MS = 5 * SECOND;
const IDLE_MS = 10 * MINUTE;

/** Takes one snapshot a second, however many pages look, and none when nobody has looked for a while. */
export class LiveFeed {
  readonly #monitor: Monitor;
  readonly #alerts: Alerts | undefined;
  readonly #log: Logger;
  readonly #history = new History();
  readonly #listeners = new Set<Listener>();
  readonly #closed = new AbortController();
  #wake = new AbortController();
  #watchedAt = 0;
  #loop: Promise<void> | undefined;

  constructor(monitor: Monitor, alerts: Alerts | undefined, log: Logger) {
    this.#monitor = monitor;
    this.#alerts = alerts;
    this.#log = log;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** What the charts know of the recent past. */
  get points(): readonly HistoryPoint[] {
    return this.#history.points;
  }

  /** Calls `listener` very soon and then each second, until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    this.#watchedAt = performance.now();
    this.#wake.abort();
    if (!this.#closed.signal.aborted) {
      this.#loop ??= this.#run().finally(() => {
        this.#loop = undefined;
      });
    }
    return () => {
      this.#listeners.delete(listener);
      this.#watchedAt = performance.now();
    };
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#listeners.clear();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closed;
    while (!signal.aborted) {
      const watched = this.#listeners.size > 0;
      if (!watched && performance.now() - this.#watchedAt > IDLE_MS) return;
      const startedAt = performance.now();
      try {
        await this.#tick();
      } catch (error) {
        this.#log.error("live snapshot failed", { error });
      }
      this.#wake = new AbortController();
      const everyMs = this.#listeners.size > 0 ? EVERY_MS : IDLE_EVERY_MS;
      await sleep(everyMs - (performance.now() - startedAt), AbortSignal.any([signal, this.#wake.signal]));
    }
  }

  async #tick(): Promise<void> {
    const snapshot = await this.#monitor.snapshot();
    const alerts = (await this.#alerts?.active()) ?? [];
    const point = this.#history.add(snapshot);
    const message: LiveMessage = {
      snapshot,
      alerts,
      points: point === undefined ? [] : [point],
      first: false,
    };
    for (const listener of this.#listeners) listener(message);
  }
}
