import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";

export interface ProcessReading {
  readonly memory: {
    readonly rssBytes: number;
    readonly heapUsedBytes: number;
    readonly externalBytes: number;
  };
  readonly eventLoopDelayMs: { readonly p50: number; readonly p99: number };
  readonly cpuPercent: number;
}

const RESOLUTION_MS = 20;

/** Measures this process between two readings. */
export class ProcessMeter {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #cpu = process.cpuUsage();
  #readAt = performance.now();

  constructor() {
    this.#delay.enable();
  }

  read(): ProcessReading {
    const { rss, heapUsed, external } = process.memoryUsage();
    const reading = {
      memory: { rssBytes: rss, heapUsedBytes: heapUsed, externalBytes: external },
      eventLoopDelayMs: { p50: this.#delayMs(50), p99: this.#delayMs(99) },
      cpuPercent: this.#cpuPercent(),
    };
    this.#delay.reset();
    return reading;
  }

  stop(): void {
    this.#delay.disable();
  }

  /** The histogram holds the time between timers, which is the resolution when nothing is late. */
  #delayMs(percentile: number): number {
    const betweenMs = this.#delay.percentile(percentile) / 1e6;
    return tenths(Math.max(0, betweenMs - RESOLUTION_MS));
  }

  #cpuPercent(): number {
    const now = performance.now();
    const used = process.cpuUsage(this.#cpu);
    const elapsedMicros = Math.max(1, (now - this.#readAt) * 1000);
    this.#cpu = process.cpuUsage();
    this.#readAt = now;
    return tenths((100 * (used.user + used.system)) / elapsedMicros);
  }
}

function tenths(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 10) / 10 : 0;
}
