import { type Logger, sleep } from "@imgq/core";
import { within } from "../within.ts";
import { WorkerChild } from "./child-process.ts";
import { type ChildLimits, judgeChild } from "./child-verdict.ts";
import { publishDeath } from "./obituary.ts";
import { crashesInARow, restartDelayMs } from "./restart-delay.ts";
import type { ChildStatus, SupervisorEvents, SupervisorOptions } from "./supervisor.ts";

export interface ChildSlotOptions {
  readonly slot: number;
  readonly supervisor: SupervisorOptions;
  readonly limits: ChildLimits;
  readonly shutdownTimeoutMs: number;
  readonly newWorkerId: (start: number) => string;
  readonly emit: <Name extends keyof SupervisorEvents>(name: Name, event: SupervisorEvents[Name]) => void;
  /** A child has ended without ever having worked, or has begun to work. */
  readonly onStartFailed: () => void;
  readonly onWorking: () => void;
  /** The end of a child could not be told to queue and registry. */
  readonly onUntold: (workerId: string, error?: unknown) => void;
  readonly log: Logger;
}

/** Milliseconds that a child may take to stop beyond the time its tasks have, before it is killed. */
const STOP_MARGIN_MS = 15_000;
const HURRIED_MARGIN_MS = 5000;
const PUBLISH_MS = 1500;

/** One place for a child process, filled again whenever the child in it ends, until it or its child is told to stop. */
export class ChildSlot {
  readonly #options: ChildSlotOptions;
  readonly #stop = new AbortController();
  #child: WorkerChild | undefined;
  #recycling = false;
  #starts = 0;
  #crashes = 0;
  #lastExit: string | undefined;
  #killTimer: NodeJS.Timeout | undefined;
  #finished = 0;
  #released = 0;
  #killed = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: ChildSlotOptions) {
    this.#options = options;
  }

  /** Sums of what its children said at their stops. */
  get farewell(): { readonly finished: number; readonly released: number; readonly killed: boolean } {
    return { finished: this.#finished, released: this.#released, killed: this.#killed };
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Resolves when no other child will come. */
  get ended(): Promise<void> {
    return this.#loop;
  }

  /** Looks whether its child must be replaced. */
  check(): void {
    const child = this.#child;
    if (child?.report === undefined || this.#stop.signal.aborted) return;
    const verdict = judgeChild(child.report, child.reportAgeMs, this.#options.limits);
    if (verdict.act === "kill") child.kill(verdict.reason);
    if (verdict.act !== "recycle" || this.#recycling) return;
    this.#recycling = true;
    const { slot, emit, shutdownTimeoutMs, log } = this.#options;
    log.info("Recycling a worker", { slot, worker: child.workerId, reason: verdict.reason });
    emit("child:recycled", { slot, workerId: child.workerId, reason: verdict.reason });
    this.#askToStop(child, shutdownTimeoutMs, `recycled: ${verdict.reason}`);
  }

  /** Stops the child and starts no other. May be called again with less time. */
  async stop(timeoutMs: number, reason: string): Promise<void> {
    this.#stop.abort();
    if (this.#child !== undefined) this.#askToStop(this.#child, timeoutMs, reason);
    await this.#loop;
  }

  status(): ChildStatus {
    const child = this.#child;
    const stopping = this.#recycling || this.#stop.signal.aborted;
    return {
      slot: this.#options.slot,
      state: child === undefined ? (stopping ? "stopped" : "waiting") : stopping ? "stopping" : "running",
      workerId: child?.workerId ?? this.#options.newWorkerId(this.#starts),
      starts: this.#starts,
      ...(child?.pid === undefined ? {} : { pid: child.pid }),
      ...(child?.report === undefined
        ? {}
        : { report: child.report, reportAgeMs: Math.round(child.reportAgeMs) }),
      ...(this.#lastExit === undefined ? {} : { lastExit: this.#lastExit }),
    };
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#live();
      if (this.#stop.signal.aborted) return;
      const delayMs = restartDelayMs(this.#crashes);
      if (delayMs > 0) this.#options.log.warn("Worker restarts late, it crashed again", { delayMs });
      await sleep(delayMs, this.#stop.signal);
    }
  }

  /** One child, from its start until its end is told. */
  async #live(): Promise<void> {
    const { supervisor, slot, newWorkerId, emit, onWorking, log } = this.#options;
    this.#starts += 1;
    this.#recycling = false;
    const child = new WorkerChild(supervisor, newWorkerId(this.#starts), () => {
      if (child.everRan) onWorking();
    });
    this.#child = child;
    if (child.pid !== undefined) emit("child:started", { slot, workerId: child.workerId, pid: child.pid });
    const { code, cause } = await child.ended;
    clearTimeout(this.#killTimer);
    this.#child = undefined;
    this.#lastExit = cause;
    if (code === 0 && child.farewell.byCommand) this.#stop.abort();
    const expected = code === 0 && (this.#recycling || this.#stop.signal.aborted);
    const recovered = await this.#publish(child, cause, expected);
    this.#account(child, code, expected);
    log[expected ? "info" : "warn"]("Worker process ended", {
      slot,
      worker: child.workerId,
      cause,
      recovered,
    });
    emit("child:exited", { slot, workerId: child.workerId, cause, expected, recovered });
  }

  /** Told also of a clean end: a handler may have called process.exit with tasks in hand. Resolves with what was taken back. */
  async #publish(child: WorkerChild, cause: string, expected: boolean): Promise<number> {
    const { supervisor, onUntold } = this.#options;
    // It has put down what it had, and Redis would not listen.
    if (expected && child.report?.reachesRedis === false) {
      onUntold(child.workerId);
      return 0;
    }
    const published = publishDeath(supervisor, child.workerId, cause).catch((error: unknown) => {
      onUntold(child.workerId, error);
      return 0;
    });
    // While Redis is away the next child must not wait, nor must a stop.
    return (await within(PUBLISH_MS, published)) ?? 0;
  }

  #account(child: WorkerChild, code: number | null, expected: boolean): void {
    this.#finished += child.farewell.finished;
    this.#released += child.farewell.released;
    const finished = child.report?.finished ?? 0;
    const ranMs = performance.now() - child.startedAt;
    this.#crashes = crashesInARow(this.#crashes, { expected, ranMs, finished });
    if (!child.everRan && code !== 0 && !this.#stop.signal.aborted) this.#options.onStartFailed();
  }

  #askToStop(child: WorkerChild, timeoutMs: number, reason: string): void {
    child.stop(timeoutMs, reason);
    clearTimeout(this.#killTimer);
    const marginMs = timeoutMs === 0 ? HURRIED_MARGIN_MS : STOP_MARGIN_MS;
    this.#killTimer = setTimeout(
      () => {
        this.#killed = true;
        child.kill("did not stop in time");
      },
      Math.min(timeoutMs + marginMs, 2 ** 31 - 1),
    );
  }
}
