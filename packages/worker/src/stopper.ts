import { type Logger, SECOND } from "@imgq/core";
import type { Queue } from "@imgq/queue";
import type { Registry } from "@imgq/registry";
import type { Beater } from "./beat/beater.ts";
import { drain } from "./shutdown.ts";
import type { TaskRunner } from "./task-runner.ts";
import { within } from "./within.ts";
import type { StopReport } from "./worker-status.ts";

/** Milliseconds that saying farewell may take in all: less when it hurries, least where nobody listens. */
const FAREWELL_MS = 1500;
const HURRIED_FAREWELL_MS = 500;
const UNHEARD_FAREWELL_MS = 150;
const MAX_TIMER_MS: number = 2 ** 31 - 1 - 60 * SECOND;

export interface StopRequest {
  readonly timeoutMs: number;
  readonly reason: string;
  /** The worker ends by itself and in trouble. */
  readonly failed: boolean;
}

export interface StopperOptions<P, R> {
  readonly workerId: string;
  readonly queue: Pick<Queue, "workerLeft">;
  readonly registry: Pick<Registry, "unregister"> | undefined;
  readonly runner: TaskRunner<P, R>;
  readonly beater: Pick<Beater, "stop">;
  readonly abortGraceMs: number;
  /** Claims nothing more from now on; resolves when the last claim has brought what it had. */
  readonly stopClaiming: () => Promise<void>;
  /** Ends what else runs in the background. */
  readonly stopBackground: () => Promise<unknown>;
  /** Whether Redis answers at present. */
  readonly reachable: () => boolean;
  readonly log: Logger;
}

/** Ends a worker: drains it, ends what runs in the background, and says farewell as far as Redis listens. */
export class Stopper<P, R> {
  readonly #options: StopperOptions<P, R>;
  readonly #hurry = new AbortController();

  constructor(options: StopperOptions<P, R>) {
    this.#options = options;
  }

  /** Never rejects. Takes at most `timeoutMs`, the handlers' grace, and five seconds. */
  async stop({ timeoutMs, reason }: StopRequest): Promise<StopReport> {
    const { runner, abortGraceMs, stopClaiming, log } = this.#options;
    const before = runner.tally.totals;
    log.info("Stopping", { reason, busySlots: runner.busySlots, timeoutMs });
    if (timeoutMs <= 0) this.#hurry.abort();
    const claimsEnded = stopClaiming();
    await drain(runner, { timeoutMs, abortGraceMs, hurry: this.#hurry.signal });
    await this.#leave(reason, claimsEnded);
    const after = runner.tally.totals;
    const report = {
      finished: finished(after) - finished(before),
      released: after.released - before.released,
    };
    log.info("Stopped", { ...report, totals: after });
    return report;
  }

  /** Less time than was given at first. */
  hasten(timeoutMs: number): void {
    if (timeoutMs <= 0) this.#hurry.abort();
    else if (timeoutMs <= MAX_TIMER_MS) {
      setTimeout(() => this.#hurry.abort(), timeoutMs + this.#options.abortGraceMs).unref();
    }
  }

  async #leave(reason: string, claimsEnded: Promise<void>): Promise<void> {
    const { workerId, queue, registry, runner, beater, abortGraceMs, stopBackground, reachable } =
      this.#options;
    const hurried = this.#hurry.signal.aborted ? HURRIED_FAREWELL_MS : FAREWELL_MS;
    const farewellMs = reachable() ? hurried : UNHEARD_FAREWELL_MS;
    const until = performance.now() + farewellMs;
    // What hangs with Redis must not take the time of what comes after it.
    const shareMs = (share: number): number =>
      Math.max(Math.min(farewellMs, HURRIED_FAREWELL_MS) / 2, (until - performance.now()) * share);
    await within(shareMs(0.5), Promise.all([claimsEnded, stopBackground()]));
    // The last claim may have brought something, which goes back.
    await drain(runner, { timeoutMs: 0, abortGraceMs, hurry: AbortSignal.abort() });
    // A beat after the farewell would register it again.
    await beater.stop(shareMs(0.5));
    await within(
      shareMs(1),
      Promise.all([queue.workerLeft(workerId), registry?.unregister(workerId, reason)]),
    );
  }
}

function finished({
  completed,
  failed,
  cancelled,
}: {
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}): number {
  return completed + failed + cancelled;
}
