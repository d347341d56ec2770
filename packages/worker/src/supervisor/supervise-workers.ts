import { availableParallelism, hostname } from "node:os";
import { InvalidOptionError, type Logger, SECOND, silentLogger } from "@imgq/core";
import { Emitter } from "../emitter.ts";
import type { StopReport, WorkerExit } from "../worker-status.ts";
import { ChildSlot } from "./child-slot.ts";
import type { ChildStatus, Supervisor, SupervisorEvents, SupervisorOptions } from "./supervisor.ts";

const CHECK_EVERY_MS = 250;
/** A round that comes later than this was late itself: what children said meanwhile has not been read yet. */
const LATE_CHECK_MS = 1000;

/**
 * Runs a program in several processes and keeps them running; see {@link Supervisor}.
 *
 * @example
 * const supervisor = superviseWorkers({ modulePath: new URL("./worker.js", import.meta.url), processes: 2, queue, registry });
 * await runUntilSignal(supervisor);
 */
export function superviseWorkers(options: SupervisorOptions): Supervisor {
  if ((options.modulePath === undefined) === (options.command === undefined)) {
    throw new InvalidOptionError(
      "modulePath or command",
      "be given, one of them",
      { modulePath: options.modulePath, command: options.command },
      "A module is run by node, a command by itself.",
    );
  }
  const { processes = availableParallelism() } = options;
  if (!Number.isInteger(processes) || processes < 1 || processes > 1024) {
    throw new InvalidOptionError(
      "processes",
      "be a whole number from 1 to 1024",
      processes,
      "Take one for each processor core.",
    );
  }
  return new WorkerSupervisor(options, processes);
}

class WorkerSupervisor implements Supervisor {
  readonly exited: Promise<WorkerExit>;
  readonly #options: SupervisorOptions;
  readonly #emitter: Emitter<SupervisorEvents>;
  readonly #log: Logger;
  readonly #slots: ChildSlot[];
  #resolveExit: (exit: WorkerExit) => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #checkedAt = 0;
  #failedStarts = 0;
  #untold = false;
  #stopping: Promise<StopReport> | undefined;

  constructor(options: SupervisorOptions, processes: number) {
    this.exited = new Promise((resolve) => {
      this.#resolveExit = resolve;
    });
    this.#options = options;
    this.#log = options.log ?? silentLogger;
    this.#emitter = new Emitter(this.#log);
    this.#slots = Array.from({ length: processes }, (_, slot) => this.#createSlot(slot));
  }

  start(): Promise<void> {
    for (const slot of this.#slots) slot.start();
    this.#checkedAt = performance.now();
    this.#timer = setInterval(() => this.#check(), CHECK_EVERY_MS);
    void Promise.all(this.#slots.map((slot) => slot.ended)).then(() =>
      this.#stop(0, "all workers were stopped by command", false),
    );
    return Promise.resolve();
  }

  stop(options: { readonly timeoutMs?: number; readonly reason?: string } = {}): Promise<StopReport> {
    const { timeoutMs = this.#options.shutdownTimeoutMs ?? 30 * SECOND, reason = "stopped" } = options;
    return this.#stop(timeoutMs, reason, false);
  }

  children(): readonly ChildStatus[] {
    return this.#slots.map((slot) => slot.status());
  }

  on<Name extends keyof SupervisorEvents>(
    name: Name,
    listener: (event: SupervisorEvents[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener);
  }

  async closeConnections(): Promise<void> {
    await Promise.allSettled([this.#options.queue?.close(), this.#options.registry?.close()]);
  }

  #stop(timeoutMs: number, reason: string, failed: boolean): Promise<StopReport> {
    const stopped = Promise.all(this.#slots.map((slot) => slot.stop(timeoutMs, reason)));
    this.#stopping ??= this.#finish(stopped, reason, failed);
    return this.#stopping;
  }

  async #finish(stopped: Promise<unknown>, reason: string, failed: boolean): Promise<StopReport> {
    await stopped;
    clearInterval(this.#timer);
    let finished = 0;
    let released = 0;
    for (const { farewell } of this.#slots) {
      finished += farewell.finished;
      released += farewell.released;
    }
    const killed = this.#slots.some(({ farewell }) => farewell.killed);
    this.#resolveExit({ finished, released, reason, failed: failed || killed });
    return { finished, released };
  }

  #check(): void {
    const now = performance.now();
    const late = now - this.#checkedAt > LATE_CHECK_MS;
    this.#checkedAt = now;
    if (late) return;
    for (const slot of this.#slots) slot.check();
  }

  #createSlot(slot: number): ChildSlot {
    const {
      queue,
      name = queue?.name ?? "worker",
      recycleAboveBytes = Number.POSITIVE_INFINITY,
      recycleAfterTasks = Number.POSITIVE_INFINITY,
      hardDeadlineMs = 10 * SECOND,
      wedgedAfterMs = 30 * SECOND,
      shutdownTimeoutMs = 30 * SECOND,
    } = this.#options;
    const host = hostname()
      .replaceAll(/[^A-Za-z0-9.-]/g, "-")
      .slice(0, 40);
    return new ChildSlot({
      slot,
      supervisor: this.#options,
      limits: { recycleAboveBytes, recycleAfterTasks, hardDeadlineMs, wedgedAfterMs },
      shutdownTimeoutMs,
      newWorkerId: (start) => `${name}-${host}-${process.pid}-${slot}.${start}`,
      emit: (event, details) => this.#emitter.emit(event, details),
      onStartFailed: () => this.#onStartFailed(),
      onWorking: () => {
        this.#failedStarts = 0;
      },
      onUntold: (worker, error) => this.#onUntold(worker, error),
      log: this.#log,
    });
  }

  #onUntold(worker: string, error: unknown): void {
    // All children of a supervisor that stops say the same.
    if (this.#stopping !== undefined && this.#untold) return;
    this.#untold = true;
    this.#log.warn("The end of a worker could not be told, its lease will tell it", { worker, error });
  }

  #onStartFailed(): void {
    const { maxFailedStarts = 5 } = this.#options;
    this.#failedStarts += 1;
    if (this.#failedStarts < maxFailedStarts) return;
    const reason = `${this.#failedStarts} processes in a row ended before they began to work`;
    this.#log.error("Giving up, no worker process can start", { failedStarts: this.#failedStarts });
    void this.#stop(0, reason, true);
  }
}
