import { ImgqError, type LogLevel, type PeriodicService } from "@imgq/core";
import type { Claim } from "@imgq/queue";
import type { BeatReport } from "./beat/beat-round.ts";
import type { Beater } from "./beat/beater.ts";
import { createBeater } from "./beat/create-beater.ts";
import { Claimer, type Room } from "./claimer.ts";
import { carryOut, type Commanded } from "./commands.ts";
import { Emitter } from "./emitter.ts";
import { MemoryGauge } from "./memory-gauge.ts";
import { checkConcurrency, type ResolvedWorkerOptions } from "./options.ts";
import { createRecoverer } from "./recoverer.ts";
import { RedisPresence } from "./redis-presence.ts";
import { SelfPortrait } from "./self-portrait.ts";
import { Stopper, type StopRequest } from "./stopper.ts";
import { linkToSupervisor } from "./supervisor/child-link.ts";
import { TaskRunner } from "./task-runner.ts";
import { Watchdog } from "./watchdog.ts";
import { within } from "./within.ts";
import type { Worker, WorkerStats } from "./worker.ts";
import type { WorkerEvents } from "./worker-events.ts";
import type { StopReport, WorkerExit, WorkerStatus } from "./worker-status.ts";

const FIRST_BEAT_MS = 5000;
const MEMORY_EVERY_MS = 250;
/** The worker: puts the parts together and passes between them what one has to know of another. */
export class TaskWorker<P, R> implements Worker, Commanded {
  readonly id: string;
  readonly exited: Promise<WorkerExit>;
  readonly #options: ResolvedWorkerOptions<P, R>;
  readonly #emitter: Emitter<WorkerEvents>;
  readonly #presence: RedisPresence;
  readonly #runner: TaskRunner<P, R>;
  readonly #portrait: SelfPortrait<P, R>;
  readonly #claimer: Claimer<P, R>;
  readonly #beater: Beater;
  readonly #recoverer: PeriodicService;
  readonly #watchdog: Watchdog;
  readonly #stopper: Stopper<P, R>;
  readonly #memory: MemoryGauge;
  #resolveExit: (exit: WorkerExit) => void = () => {};
  #onFirstBeat: (report: BeatReport) => void = () => {};
  #unlink: () => void = () => {};
  #memoryTimer: NodeJS.Timeout | undefined;
  #status: WorkerStatus = "created";
  #concurrency: number;
  #stopping: Promise<StopReport> | undefined;

  constructor(options: ResolvedWorkerOptions<P, R>) {
    const { queue, log, leaseMs } = options;
    this.id = options.id;
    this.exited = new Promise((resolve) => {
      this.#resolveExit = resolve;
    });
    this.#options = options;
    this.#concurrency = options.concurrency;
    this.#memory = new MemoryGauge(options.memoryLimitBytes);
    this.#emitter = new Emitter(log);
    this.#presence = new RedisPresence({
      leaseMs,
      onChange: (change) => {
        this.#emitter.emit("redis", change);
        if (change.reachable) this.#claimer.interrupt();
      },
      log,
    });
    this.#runner = new TaskRunner({
      worker: options,
      emitter: this.#emitter,
      memory: () => this.#memory.read(),
      slots: () => this.#concurrency,
      onRoom: () => this.#onRoom(),
    });
    this.#portrait = new SelfPortrait(options, this.#runner);
    this.#claimer = new Claimer({
      queue,
      workerId: this.id,
      leaseMs,
      room: () => this.#room(),
      onClaims: (claims) => this.#onClaims(claims),
      log,
    });
    this.#beater = createBeater({
      workerId: this.id,
      queue,
      registry: options.registry,
      metadata: this.#portrait.metadata(),
      intervalMs: options.heartbeatIntervalMs,
      leaseMs,
      // By name: the whole of the options would travel to the thread, functions and all.
      limits: { laggingAfterMs: options.laggingAfterMs, wedgedAfterMs: options.wedgedAfterMs },
      self: () => {
        this.#portrait.measure();
        return {
          vitals: this.#portrait.vitals(this.#status, this.#concurrency),
          longestTimeoutMs: this.#runner.longestTimeoutMs(),
        };
      },
      onReport: (report) => this.#onBeat(report),
      log,
    });
    this.#recoverer = createRecoverer({
      queue,
      intervalMs: options.recoverIntervalMs,
      reachable: () => this.#presence.mayClaim(),
      holding: () => ({ worker: this.id, ...this.#runner.holding() }),
      onRecovered: (report) => this.#emitter.emit("recovered", report),
      log,
    });
    this.#watchdog = new Watchdog({
      queue,
      silentAfterMs: options.silentAfterMs,
      // One with something to do is not silent; it may wait for a task that must run alone.
      hungry: () => this.#runner.busySlots === 0 && this.#room().slots > 0,
      claimedAt: () => this.#claimer.claimedAt,
      interrupt: () => this.#claimer.interrupt(),
      onSilent: (error) => void this.#stop({ timeoutMs: 0, reason: error.message, failed: true }),
      log,
    });
    this.#stopper = new Stopper({
      workerId: this.id,
      queue,
      registry: options.registry,
      runner: this.#runner,
      beater: this.#beater,
      abortGraceMs: options.abortGraceMs,
      stopClaiming: () => this.#claimer.stop(),
      stopBackground: () => this.#stopBackground(),
      reachable: () => this.#presence.mayClaim(),
      log,
    });
  }

  get status(): WorkerStatus {
    return this.#status;
  }

  async start(): Promise<void> {
    if (this.#status !== "created") {
      throw new ImgqError("IMGQ_WORKER_STARTED", `Worker ${this.id} was started before. Create a new one.`);
    }
    this.#become("starting");
    this.#unlink = linkToSupervisor(this);
    const first = this.#firstBeat();
    this.#beater.start();
    this.#claimer.start();
    await Promise.all([this.#recoverer.start(), this.#watchdog.service.start()]);
    if (this.#memory.limited) {
      this.#memoryTimer = setInterval(() => this.#onRoom(), MEMORY_EVERY_MS);
    }
    const report = await first;
    if (report?.queueError?.code === "IMGQ_REDIS_REFUSED") {
      await this.#stop({ timeoutMs: 0, reason: report.queueError.message, failed: true });
      throw new ImgqError(report.queueError.code, report.queueError.message);
    }
    if (report?.queueError !== undefined || (report === undefined && this.#stopping === undefined)) {
      this.#options.log.warn("Redis does not answer yet; the worker begins when it does");
    }
  }

  quiet(): void {
    if (this.#status !== "running" && this.#status !== "starting") return;
    this.#become("quiet");
    this.#claimer.interrupt();
    this.#runner.release();
  }

  resume(): void {
    if (this.#status !== "quiet") return;
    this.#become("running");
    this.#claimer.wake();
  }

  stop(options: { readonly timeoutMs?: number; readonly reason?: string } = {}): Promise<StopReport> {
    const { timeoutMs = this.#options.shutdownTimeoutMs, reason = "stopped" } = options;
    return this.#stop({ timeoutMs, reason, failed: false });
  }

  setConcurrency(concurrency: number): void {
    checkConcurrency(concurrency);
    this.#concurrency = concurrency;
    this.#claimer.wake();
  }

  /** Marks the task in the queue, so that it ends as cancelled, and aborts it here without waiting for the next beat. */
  async cancelTask(queue: string, id: string): Promise<void> {
    if (queue !== this.#options.queue.name) return;
    await this.#options.queue.cancel(id);
    this.#runner.cancelById(queue, id);
  }

  setLogLevel(level: LogLevel): void {
    this.#emitter.emit("log-level", { level });
  }

  stats(): WorkerStats {
    const at = performance.now();
    const { lastBeatAt } = this.#presence;
    return {
      id: this.id,
      status: this.#status,
      slots: this.#concurrency,
      busySlots: this.#runner.busySlots,
      tasks: this.#runner.tasks(),
      totals: this.#runner.tally.totals,
      tasksPerMinute: this.#runner.tally.perMinute(at),
      vitals: this.#portrait.vitals(this.#status, this.#concurrency),
      silentMs: this.#watchdog.silentMs(at),
      silentAfterMs: this.#options.silentAfterMs,
      reachesRedis: this.#presence.mayClaim(),
      hangingMs: this.#runner.hangingMs(),
      longestTimeoutMs: this.#runner.longestTimeoutMs(),
      ...(lastBeatAt === undefined ? {} : { beatAgeMs: Math.round(at - lastBeatAt) }),
    };
  }

  on<Name extends keyof WorkerEvents>(name: Name, listener: (event: WorkerEvents[Name]) => void): () => void {
    return this.#emitter.on(name, listener);
  }

  async closeConnections(): Promise<void> {
    await Promise.allSettled([this.#options.queue.close(), this.#options.registry?.close()]);
  }

  #become(status: WorkerStatus): void {
    const from = this.#status;
    this.#status = status;
    this.#beater.tell();
    this.#emitter.emit("status", { from, to: status });
  }

  #room(): Room {
    if (this.#status !== "running" || !this.#presence.mayClaim()) return { slots: 0, ahead: 0 };
    return this.#runner.room();
  }

  #onRoom(): void {
    this.#runner.startWaiting();
    this.#claimer.wake();
  }

  #onClaims(claims: readonly Claim<P>[]): void {
    this.#runner.receive(claims);
    // They arrived while the worker turned quiet: others can run them now.
    if (this.#status !== "running") return this.#runner.release(claims);
    this.#runner.take(claims);
    this.#beater.expect(claims.reduce((longest, { timeoutMs }) => Math.max(longest, timeoutMs), 0));
  }

  #onBeat(report: BeatReport): void {
    const { queueError, registryError, lost, cancelled, commands } = report;
    const { log } = this.#options;
    this.#presence.take(report);
    this.#onFirstBeat(report);
    if (registryError !== undefined) log.debug("The registry took no beat", { error: registryError });
    if (queueError === undefined && this.#status === "starting") this.#become("running");
    for (const reference of lost) this.#runner.lost(reference);
    for (const reference of cancelled) this.#runner.cancelled(reference);
    for (const command of commands) {
      log.info("Command received", { command: command.type });
      this.#emitter.emit("command", command);
      carryOut(command, this).catch((error: unknown) => log.warn("Command failed", { command, error }));
    }
    this.#claimer.wake();
  }

  /** Undefined when Redis is away. */
  #firstBeat(): Promise<BeatReport | undefined> {
    const report = new Promise<BeatReport | undefined>((resolve) => {
      this.#onFirstBeat = resolve;
      void this.exited.then(() => resolve(undefined));
    });
    return within(FIRST_BEAT_MS, report);
  }

  #stop(how: StopRequest): Promise<StopReport> {
    if (this.#stopping === undefined) this.#stopping = this.#shutDown(how);
    else this.#stopper.hasten(how.timeoutMs);
    return this.#stopping;
  }

  async #shutDown(how: StopRequest): Promise<StopReport> {
    const { reason, failed } = how;
    this.#become("draining");
    const report = await this.#stopper.stop(how);
    this.#become("stopped");
    this.#emitter.emit("stopped", { ...report, reason });
    this.#unlink();
    this.#resolveExit({ ...report, reason, failed });
    return report;
  }

  #stopBackground(): Promise<unknown> {
    clearInterval(this.#memoryTimer);
    this.#portrait.stop();
    return Promise.all([this.#recoverer.stop(), this.#watchdog.service.stop()]);
  }
}
