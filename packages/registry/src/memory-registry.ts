import { UnknownWorkerError } from "./errors.ts";
import { noOutage } from "./liveness.ts";
import { checkWorkerId, type ResolvedRegistryOptions } from "./options.ts";
import type { Registry, WorkerCommand, WorkerMetadata, WorkerRecord, WorkerVitals } from "./registry.ts";
import type { StoredWorker } from "./worker-fields.ts";
import { workerRecord } from "./worker-record.ts";

interface Entry {
  worker: StoredWorker;
  commands: WorkerCommand[];
}

/** The registry of one process: the same answers as in Redis, without Redis. */
export class MemoryRegistry implements Registry {
  readonly backend = "memory";
  readonly heartbeatTimeoutMs: number;
  readonly #keepEndedMs: number;
  readonly #now: () => number;
  readonly #registered = new Map<string, Entry>();
  /** Oldest end first. */
  readonly #ended = new Map<string, StoredWorker>();

  constructor(options: ResolvedRegistryOptions) {
    this.heartbeatTimeoutMs = options.heartbeatTimeoutMs;
    this.#keepEndedMs = options.keepEndedMs;
    this.#now = options.now ?? steadyNow;
  }

  /** There is nothing to connect to. */
  connection(): undefined {
    return undefined;
  }

  async register(id: string, metadata: WorkerMetadata): Promise<void> {
    checkWorkerId(id);
    const now = this.#now();
    this.#ended.delete(id);
    // Deleted first: a Map keeps the place of a key that is set again.
    this.#registered.delete(id);
    this.#registered.set(id, {
      worker: {
        id,
        metadata: { labels: {}, ...metadata },
        registeredAt: now,
        lastBeatAt: now,
        state: "starting",
      },
      commands: [],
    });
  }

  async heartbeat(id: string, vitals?: WorkerVitals): Promise<readonly WorkerCommand[]> {
    const entry = this.#registered.get(id);
    if (entry === undefined || entry.worker.end !== undefined) throw new UnknownWorkerError(id);
    const { worker } = entry;
    const state = vitals?.state ?? (worker.state === "starting" ? "running" : worker.state);
    entry.worker = { ...worker, state, lastBeatAt: this.#now(), ...(vitals === undefined ? {} : { vitals }) };
    this.#forgetOld();
    return entry.commands.splice(0);
  }

  async unregister(id: string, reason = "left"): Promise<void> {
    this.#end(id, "stopped", reason);
    this.#remove(id);
  }

  async declareDead(id: string, cause: string): Promise<void> {
    this.#end(id, "dead", cause);
  }

  async active(): Promise<readonly WorkerRecord[]> {
    return (await this.list()).filter((worker) => worker.alive);
  }

  async dead(): Promise<readonly WorkerRecord[]> {
    return (await this.list()).filter((worker) => worker.state === "dead");
  }

  async list(): Promise<readonly WorkerRecord[]> {
    this.#forgetOld();
    return [...this.#registered.values()]
      .map(({ worker }) => this.#judge(worker))
      .toSorted((one, other) => one.lastBeatAt - other.lastBeatAt);
  }

  async ended(): Promise<readonly WorkerRecord[]> {
    this.#forgetOld();
    return [...this.#ended.values()].map((worker) => this.#judge(worker)).toReversed();
  }

  async get(id: string): Promise<WorkerRecord | undefined> {
    const worker = this.#registered.get(id)?.worker ?? this.#ended.get(id);
    return worker === undefined ? undefined : this.#judge(worker);
  }

  async cleanup(): Promise<readonly WorkerRecord[]> {
    const dead = await this.dead();
    for (const { id, end } of dead) {
      this.#end(id, "dead", end?.reason ?? "");
      this.#remove(id);
    }
    return dead;
  }

  async send(id: string, command: WorkerCommand): Promise<"ok" | "not-found"> {
    const entry = this.#registered.get(id);
    if (entry === undefined || entry.worker.end !== undefined) return "not-found";
    entry.commands.push(command);
    return "ok";
  }

  async clear(): Promise<void> {
    this.#registered.clear();
    this.#ended.clear();
  }

  async close(): Promise<void> {}

  #judge(worker: StoredWorker): WorkerRecord {
    return workerRecord(worker, this.#now(), this.heartbeatTimeoutMs, noOutage);
  }

  #end(id: string, state: "stopped" | "dead", reason: string): void {
    const entry = this.#registered.get(id);
    if (entry === undefined || entry.worker.end !== undefined) return;
    entry.worker = { ...entry.worker, state, end: { reason, at: this.#now() } };
    entry.commands = [];
  }

  #remove(id: string): void {
    const entry = this.#registered.get(id);
    if (entry === undefined) return;
    this.#registered.delete(id);
    this.#ended.set(id, entry.worker);
  }

  #forgetOld(): void {
    const oldest = this.#now() - this.#keepEndedMs;
    for (const [id, { worker }] of this.#registered) {
      if (worker.lastBeatAt <= oldest) this.#registered.delete(id);
    }
    for (const [id, worker] of this.#ended) {
      if ((worker.end?.at ?? 0) <= oldest) this.#ended.delete(id);
    }
  }
}

/** Wall-clock time that does not jump when the clock is set. */
function steadyNow(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}
