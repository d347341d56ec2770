import { randomUUID } from "node:crypto";
import { ImgqError, type Logger } from "@imgq/core";
import { type PortableSource, portableSource, RedisConnection, type RedisSource } from "@imgq/core/redis";
import { parseCommand } from "./command.ts";
import { UnknownWorkerError } from "./errors.ts";
import { type RegistryKeys, registryKeys } from "./keys.ts";
import type { Outage } from "./liveness.ts";
import { checkWorkerId, type ResolvedRegistryOptions } from "./options.ts";
import type {
  Registry,
  RegistryConnection,
  WorkerCommand,
  WorkerMetadata,
  WorkerRecord,
  WorkerVitals,
} from "./registry.ts";
import { parseEntry, parseRead, replyWord } from "./replies.ts";
import { scripts } from "./scripts.ts";
import { metadataFields, type StoredWorker, vitalsFields } from "./worker-fields.ts";
import { workerRecord } from "./worker-record.ts";

const PAGE = 200;
const MAX_WAITING_COMMANDS = 100;

/** The registry in Redis. Every step is one script; nothing of it lives here but which commands this process has seen. */
export class RedisRegistry implements Registry {
  readonly backend = "redis";
  readonly heartbeatTimeoutMs: number;
  readonly redis: RedisSource;
  readonly #options: ResolvedRegistryOptions;
  readonly #connection: RedisConnection;
  readonly #keys: RegistryKeys;
  readonly #log: Logger;
  /** Worker → sequence of the last command handed out; the next beat tells Redis to forget up to it. */
  readonly #seen = new Map<string, number>();

  constructor(options: ResolvedRegistryOptions, source: RedisSource) {
    this.heartbeatTimeoutMs = options.heartbeatTimeoutMs;
    this.#options = options;
    this.redis = source;
    this.#log = options.log;
    this.#keys = registryKeys(options.prefix);
    this.#connection = new RedisConnection({
      source,
      name: "registry",
      deadlineMs: options.deadlineMs,
      log: options.log,
    });
  }

  connection(): RegistryConnection {
    const source: PortableSource = portableSource(this.redis);
    const { prefix, heartbeatTimeoutMs, keepEndedMs, deadlineMs } = this.#options;
    return { source, prefix, heartbeatTimeoutMs, keepEndedMs, deadlineMs };
  }

  async register(id: string, metadata: WorkerMetadata): Promise<void> {
    checkWorkerId(id);
    this.#seen.delete(id);
    const args = [id, this.#now(), this.#options.keepEndedMs, randomUUID(), ...metadataFields(metadata)];
    await scripts.register.run(this.#connection, this.#keysOf(id), args);
  }

  async heartbeat(id: string, vitals?: WorkerVitals): Promise<readonly WorkerCommand[]> {
    const seen = this.#seen.get(id) ?? 0;
    const { keepEndedMs, heartbeatTimeoutMs } = this.#options;
    const reply = await scripts.heartbeat.run(
      this.#connection,
      [...this.#keysOf(id), this.#keys.outage, this.#keys.nothing],
      [
        id,
        this.#now(),
        keepEndedMs,
        heartbeatTimeoutMs,
        seen,
        this.#keys.workerPrefix,
        this.#keys.commandsPrefix,
        ...(vitals === undefined ? [] : vitalsFields(vitals)),
      ],
    );
    const [word, ...entries] = replyWord(reply);
    if (word === "unknown-worker") throw new UnknownWorkerError(id);
    return this.#take(id, entries);
  }

  async unregister(id: string, reason = "left"): Promise<void> {
    await this.#end(id, "stopped", reason, { expectedBeat: "", remove: true });
    this.#seen.delete(id);
  }

  async declareDead(id: string, cause: string): Promise<void> {
    await this.#end(id, "dead", cause, { expectedBeat: "", remove: false });
  }

  async active(): Promise<readonly WorkerRecord[]> {
    return (await this.list()).filter((worker) => worker.alive);
  }

  async dead(): Promise<readonly WorkerRecord[]> {
    return (await this.list()).filter((worker) => worker.state === "dead");
  }

  list(): Promise<readonly WorkerRecord[]> {
    return this.#readAll(this.#keys.workers);
  }

  async ended(): Promise<readonly WorkerRecord[]> {
    return (await this.#readAll(this.#keys.ended)).toReversed();
  }

  async get(id: string): Promise<WorkerRecord | undefined> {
    const reply = await scripts.read.run(
      this.#connection,
      [this.#keys.worker(id), this.#keys.outage],
      [this.#now(), "", 0, 1],
    );
    const { workers, now, outage } = parseRead(reply);
    const [worker] = workers;
    return worker === undefined ? undefined : this.#judge(worker, now, outage);
  }

  async cleanup(): Promise<readonly WorkerRecord[]> {
    const removed: WorkerRecord[] = [];
    for (const worker of await this.dead()) {
      // One that beats between the reading and this is alive, and stays.
      const ended = await this.#end(worker.id, "dead", worker.end?.reason ?? "", {
        expectedBeat: String(worker.lastBeatAt),
        remove: true,
      });
      if (ended) removed.push(worker);
    }
    return removed;
  }

  async send(id: string, command: WorkerCommand): Promise<"ok" | "not-found"> {
    const [word] = replyWord(
      await scripts.send.run(
        this.#connection,
        [this.#keys.worker(id), this.#keys.commands(id)],
        [JSON.stringify(command), randomUUID(), MAX_WAITING_COMMANDS, this.#options.keepEndedMs],
      ),
    );
    if (word === "too-many") {
      throw new ImgqError(
        "IMGQ_TOO_MANY_COMMANDS",
        `${MAX_WAITING_COMMANDS} commands wait for worker ${id} already, which takes none. Check with registry.get() whether it is alive.`,
      );
    }
    return word === "not-found" ? "not-found" : "ok";
  }

  async clear(): Promise<void> {
    const { workers, ended, outage, nothing, workerPrefix, commandsPrefix } = this.#keys;
    let left = 1;
    while (left > 0) {
      const reply = await scripts.clear.run(
        this.#connection,
        [workers, ended, outage, nothing],
        [workerPrefix, commandsPrefix, PAGE],
      );
      left = Number(replyWord(reply)[1]);
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #keysOf(id: string): string[] {
    return [this.#keys.workers, this.#keys.ended, this.#keys.worker(id), this.#keys.commands(id)];
  }

  /** 0 lets the script ask Redis. */
  #now(): number {
    return this.#options.now?.() ?? 0;
  }

  async #end(
    id: string,
    state: "stopped" | "dead",
    reason: string,
    how: { readonly expectedBeat: string; readonly remove: boolean },
  ): Promise<boolean> {
    const reply = await scripts.endWorker.run(this.#connection, this.#keysOf(id), [
      id,
      this.#now(),
      this.#options.keepEndedMs,
      state,
      reason.slice(0, 500),
      how.expectedBeat,
      how.remove ? "remove" : "keep",
    ]);
    return replyWord(reply)[0] === "ok";
  }

  #take(id: string, entries: readonly string[]): WorkerCommand[] {
    const commands: WorkerCommand[] = [];
    for (const { sequence, json } of entries.map((entry) => parseEntry(entry))) {
      // Told again because the reply to the beat that carried it was lost after we had read it.
      if (sequence <= (this.#seen.get(id) ?? 0)) continue;
      this.#seen.set(id, sequence);
      const command = parseCommand(json);
      if (command !== undefined) commands.push(command);
      else this.#log.warn("Unknown command ignored", { workerId: id, command: json });
    }
    return commands;
  }

  async #readAll(set: string): Promise<readonly WorkerRecord[]> {
    const found: WorkerRecord[] = [];
    for (let offset = 0; ; offset += PAGE) {
      const reply = await scripts.read.run(
        this.#connection,
        [set, this.#keys.outage, this.#keys.nothing],
        [this.#now(), this.#keys.workerPrefix, offset, PAGE],
      );
      const { workers, now, outage, pageSize } = parseRead(reply);
      found.push(...workers.map((worker) => this.#judge(worker, now, outage)));
      if (pageSize < PAGE) return found;
    }
  }

  #judge(worker: StoredWorker, now: number, outage: Outage): WorkerRecord {
    return workerRecord(worker, now, this.heartbeatTimeoutMs, outage);
  }
}
