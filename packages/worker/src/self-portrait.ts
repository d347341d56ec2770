import { hostname } from "node:os";
import { scriptTimes } from "@imgq/core/redis";
import type { WorkerMetadata, WorkerTotals, WorkerVitals } from "@imgq/registry";
import manifest from "../package.json" with { type: "json" };
import type { ResolvedWorkerOptions } from "./options.ts";
import { ProcessMeter } from "./process-meter.ts";
import type { TaskRunner } from "./task-runner.ts";
import type { WorkerStatus } from "./worker-status.ts";

/** Keeps a beat small, however many slots there are. */
const MAX_TASKS_TOLD = 50;
/** imgq has fewer; a program may have defined more. */
const MAX_SCRIPTS_TOLD = 32;

/** A little under half of a beat: the timer that tells twice a beat may come early. */
const MEASURED_EVERY_BEATS = 0.4;

/** What a worker tells the registry of itself. */
export class SelfPortrait<P, R> {
  readonly #options: ResolvedWorkerOptions<P, R>;
  readonly #runner: TaskRunner<P, R>;
  readonly #meter = new ProcessMeter();
  #reading = this.#meter.read();
  #scripts: NonNullable<WorkerVitals["scripts"]> = {};
  #measuredAt = performance.now();

  constructor(options: ResolvedWorkerOptions<P, R>, runner: TaskRunner<P, R>) {
    this.#options = options;
    this.#runner = runner;
  }

  metadata(): WorkerMetadata {
    const { queue, concurrency, versions, labels } = this.#options;
    return {
      hostname: hostname(),
      pid: process.pid,
      startedAt: Date.now(),
      queues: [queue.name],
      concurrency,
      versions: { imgq: manifest.version, node: process.version, ...versions },
      labels,
    };
  }

  /**
   * Measures the process: memory, event loop, processor and scripts since the last measurement. Twice a beat at most: it may be
   * asked for with every claim, costs a fraction of a millisecond, and percentiles of a moment say nothing.
   */
  measure(): void {
    const now = performance.now();
    if (now - this.#measuredAt < MEASURED_EVERY_BEATS * this.#options.heartbeatIntervalMs) return;
    this.#measuredAt = now;
    this.#reading = this.#meter.read();
    this.#scripts = scriptsTold();
  }

  vitals(status: WorkerStatus, slots: number): WorkerVitals {
    const { lastError, tally } = this.#runner;
    return {
      state: status === "created" ? "starting" : status,
      slots,
      busySlots: this.#runner.busySlots,
      tasks: this.#runner.tasks(MAX_TASKS_TOLD),
      totals: told(tally.totals),
      tasksPerMinute: tally.perMinute(performance.now()),
      ...this.#reading,
      scripts: this.#scripts,
      counters: this.#options.counters(),
      ...(lastError === undefined ? {} : { lastError }),
    };
  }

  stop(): void {
    this.#meter.stop();
  }
}

function scriptsTold(): NonNullable<WorkerVitals["scripts"]> {
  const times = scriptTimes().slice(0, MAX_SCRIPTS_TOLD);
  return Object.fromEntries(
    times.map(({ name, calls, totalMs }) => [name, { calls, totalMs: Math.round(totalMs * 100) / 100 }]),
  );
}

function told({ completed, failed, retried, released, lost }: WorkerTotals): WorkerTotals {
  return { completed, failed, retried, released, lost };
}
