import { sleep } from "./clock.ts";
import { ImgqError } from "./errors.ts";
import type { Logger } from "./logger.ts";

export const serviceStatuses = ["created", "starting", "running", "stopping", "stopped"] as const;
export type ServiceStatus = (typeof serviceStatuses)[number];

/**
 * The start/stop contract of everything that runs in the background. `start` resolves when the service works; `stop`
 * resolves when all it began has ended. Both may be called at any time and more than once; a stopped service stays stopped.
 */
export interface Service {
  readonly name: string;
  readonly status: ServiceStatus;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface PeriodicServiceOptions {
  readonly name: string;
  /** Milliseconds from the end of one run to the start of the next; a function is asked after each run. */
  readonly intervalMs: number | (() => number);
  /** Fraction of the interval added or taken at random, so that many processes do not run in step. @default 0.2 */
  readonly jitter?: number;
  /** Whether the first run starts at once instead of after one interval. @default true */
  readonly runAtStart?: boolean;
  /** One round of work. Returns how many things it changed; the service logs only when that is above zero. */
  readonly runOnce: (signal: AbortSignal) => Promise<number>;
  readonly log: Logger;
}

/** Runs `runOnce` again and again until stopped. A failing round is logged and the next one comes all the same. */
export class PeriodicService implements Service {
  readonly name: string;
  readonly #options: PeriodicServiceOptions;
  readonly #abort = new AbortController();
  #status: ServiceStatus = "created";
  #loop: Promise<void> = Promise.resolve();

  constructor(options: PeriodicServiceOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get status(): ServiceStatus {
    return this.#status;
  }

  start(): Promise<void> {
    if (this.#status === "stopping" || this.#status === "stopped") {
      return Promise.reject(
        new ImgqError("IMGQ_SERVICE_STOPPED", `The ${this.name} was stopped. Create a new one.`),
      );
    }
    if (this.#status === "created") {
      this.#status = "running";
      this.#loop = this.#run();
    }
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    if (this.#status !== "stopped") this.#status = "stopping";
    this.#abort.abort();
    await this.#loop;
    this.#status = "stopped";
  }

  async #run(): Promise<void> {
    const { intervalMs, jitter = 0.2, runAtStart = true, runOnce, log, name } = this.#options;
    const { signal } = this.#abort;
    const pause = (): Promise<void> =>
      sleep(jittered(typeof intervalMs === "number" ? intervalMs : intervalMs(), jitter), signal);
    if (!runAtStart) await pause();
    while (!signal.aborted) {
      try {
        const changed = await runOnce(signal);
        if (changed > 0) log.info(`${name} changed something`, { changed });
      } catch (error) {
        if (!signal.aborted) log.warn(`${name} failed, will try again`, { error });
      }
      await pause();
    }
  }
}

function jittered(ms: number, fraction: number): number {
  return ms * (1 + fraction * (2 * Math.random() - 1));
}
