import { sleep } from "@imgq/core";
import type { WorkerVitals } from "@imgq/registry";
import type { BeatReport, BeatRound } from "./beat-round.ts";
import type { Self } from "./beater.ts";
import { judgePulse, keepsLease, type PulseLimits } from "./pulse.ts";

export interface SelfReport extends Self {
  /** Milliseconds since it was said. */
  readonly ageMs: number;
}

export interface BeatLoopOptions {
  readonly round: BeatRound;
  readonly intervalMs: number;
  readonly limits: PulseLimits;
  readonly self: () => SelfReport;
  /** Milliseconds since the main loop last turned. */
  readonly sinceTurnMs: () => number;
  readonly onReport: (report: BeatReport) => void;
}

/** Beats at a steady rate until stopped; a beat that takes long delays the next, and is never overtaken by it. */
export class BeatLoop {
  readonly #options: BeatLoopOptions;
  readonly #abort = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #roundTripMs: number | undefined;

  constructor(options: BeatLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { round, intervalMs, limits, self, sinceTurnMs, onReport } = this.#options;
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const startedAt = performance.now();
      const blockedMs = sinceTurnMs();
      const { vitals, longestTimeoutMs, ageMs } = self();
      const keepLease = keepsLease(blockedMs, longestTimeoutMs, limits);
      const report = await round.run(this.#current(vitals, ageMs, blockedMs), keepLease);
      this.#roundTripMs = report.roundTripMs;
      onReport(report);
      await sleep(Math.max(0, intervalMs - (performance.now() - startedAt)), signal);
    }
  }

  #current(vitals: WorkerVitals, ageMs: number, blockedMs: number): WorkerVitals {
    return {
      ...vitals,
      state: judgePulse(vitals.state, blockedMs, this.#options.limits),
      tasks: vitals.tasks.map((task) => ({ ...task, elapsedMs: Math.round(task.elapsedMs + ageMs) })),
      ...(this.#roundTripMs === undefined ? {} : { redisRoundTripMs: this.#roundTripMs }),
    };
  }
}
