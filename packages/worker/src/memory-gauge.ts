import type { Memory } from "./admission.ts";

/** Reading it costs microseconds, too much for each of many quick tasks. */
const FRESH_MS = 20;

/** Knows how much memory the process holds, if there is a limit that it could exceed. */
export class MemoryGauge {
  readonly #limitBytes: number;
  readonly #restingBytes: number;
  #residentBytes: number;
  #readAt = performance.now();

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
    this.#restingBytes = process.memoryUsage.rss();
    this.#residentBytes = this.#restingBytes;
  }

  get limited(): boolean {
    return Number.isFinite(this.#limitBytes);
  }

  read(): Memory {
    const now = performance.now();
    if (this.limited && now - this.#readAt >= FRESH_MS) {
      this.#residentBytes = process.memoryUsage.rss();
      this.#readAt = now;
    }
    return {
      restingBytes: this.#restingBytes,
      residentBytes: this.#residentBytes,
      limitBytes: this.#limitBytes,
    };
  }
}
