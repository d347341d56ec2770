import type { Memory } from "./admission.ts";

/** Reading it costs microseconds, too much for each of many quick tasks. */
const FRESH_MS = 20;

/** Knows how much memory the process holds, if there is a limit that it could exceed. */
export class MemoryGauge {
  readonly limited: boolean;
  #memory: Memory;
  #readAt = performance.now();

  constructor(limitBytes: number) {
    const bytes = process.memoryUsage.rss();
    this.limited = Number.isFinite(limitBytes);
    this.#memory = { restingBytes: bytes, residentBytes: bytes, limitBytes };
  }

  /** Without a limit what the process held at first: nobody needs to know more. */
  read(): Memory {
    if (this.limited) {
      const now = performance.now();
      if (now - this.#readAt >= FRESH_MS) {
        this.#memory = { ...this.#memory, residentBytes: process.memoryUsage.rss() };
        this.#readAt = now;
      }
    }
    return this.#memory;
  }
}
