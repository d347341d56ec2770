import { RedisConnection, type RedisSource } from "@imgq/core/redis";
import type {
  Broker,
  ClaimRequest,
  Durability,
  Grant,
  NewTask,
  PurgeSelection,
  Settlement,
} from "../broker.ts";
import type { DayCounts } from "../days.ts";
import type { TaskEvent } from "../events.ts";
import { ABANDONED_AFTER_MS, forgottenAfterMs } from "../history.ts";
import type { ResolvedQueueOptions } from "../options.ts";
import type {
  BeatReply,
  CancelReply,
  ClaimReference,
  Holding,
  Page,
  PageOptions,
  QueueStats,
  RecoverReport,
  SettleReply,
  TaskCounts,
} from "../queue.ts";
import { RECENT_MINUTES } from "../series.ts";
import type { DeadReason, Task, TaskState } from "../task.ts";
import { AddBatcher } from "./add-batcher.ts";
import { eventsKey } from "./keys.ts";
import { checkPosition } from "./page-position.ts";
import { parseDays } from "./parse-days.ts";
import { parseStats } from "./parse-stats.ts";
import { parseTask, stateOf } from "./parse-task.ts";
import { QueueAnnouncer } from "./queue-announcer.ts";
import { followEvents } from "./redis-events.ts";
import { ScriptRunner } from "./script-runner.ts";
import { scripts } from "./scripts.ts";
import { WorkerLane } from "./worker-lane.ts";

type PageRequest = Required<Pick<PageOptions, "limit">> & PageOptions;

/** Keeps the tasks of a queue in Redis. Each call is a script of src/lua; this class only speaks to them. */
export class RedisBroker implements Broker {
  readonly #options: ResolvedQueueOptions;
  readonly #runner: ScriptRunner;
  readonly #adds: AddBatcher;
  readonly #announcer: QueueAnnouncer;
  readonly #lanes = new Map<string, WorkerLane>();
  readonly #closed = new AbortController();
  /** When recovery ran last, by Redis' clock: not later than any time at which it is called again. */
  #recoveredAt: number | undefined;

  constructor(options: ResolvedQueueOptions, source: RedisSource) {
    const { deadlineMs, log, name } = options;
    this.#options = options;
    this.#runner = new ScriptRunner(
      options,
      new RedisConnection({ source, name: `queue:${name}`, deadlineMs, log }),
    );
    this.#adds = new AddBatcher(this.#runner, options);
    this.#announcer = new QueueAnnouncer(this.#runner.connection, options);
  }

  add(tasks: readonly NewTask[], durability: Durability | undefined): Promise<string[]> {
    this.#announcer.announce();
    return this.#adds.add(tasks, durability);
  }

  claim(request: ClaimRequest): Promise<Grant[]> {
    return this.#lane(request.worker).claim(request);
  }

  settle(settlement: Settlement): Promise<SettleReply> {
    return this.#lane(settlement.worker).settle(settlement);
  }

  async progress(
    claim: { readonly id: string; readonly token: string },
    progress: string,
  ): Promise<SettleReply> {
    const [word] = await this.#runner.run(scripts.progress, [claim.id, claim.token, progress]);
    return word === "ok" ? "ok" : "lease-lost";
  }

  async beat(worker: string, leaseMs: number): Promise<BeatReply> {
    const [, ...notices] = await this.#runner.run(scripts.beat, [worker, leaseMs]);
    return { lost: referencesOf(notices, "lost"), cancelled: referencesOf(notices, "cancelled") };
  }

  async workerLost(worker: string, cause: string): Promise<number> {
    const { maxCrashes, retention } = this.#options;
    let taken = 0;
    await this.#runner.drain(
      scripts.workerLost,
      () => [worker, cause, maxCrashes, retention.maxCount],
      (reply) => {
        taken += Number(reply[1]);
      },
    );
    return taken;
  }

  async workerLeft(worker: string): Promise<void> {
    await this.#runner.run(scripts.workerLeft, [worker]);
    const lane = this.#lanes.get(worker);
    this.#lanes.delete(worker);
    await lane?.close();
  }

  async recover(holding: Holding | undefined): Promise<RecoverReport> {
    const { maxCrashes, retention } = this.#options;
    const sums = [0, 0, 0, 0, 0, 0];
    let nextLeaseMs = -1;
    // What is said now must not be used to judge what happened later, however late it is heard.
    const held = this.#heldArguments(holding);
    await this.#runner.drain(
      scripts.recover,
      () => [
        maxCrashes,
        retention.maxCount,
        retention.maxAgeMs,
        ABANDONED_AFTER_MS,
        this.#retryDelays(),
        ...held,
      ],
      (reply) => {
        for (const index of sums.keys()) sums[index] = (sums[index] ?? 0) + Number(reply[index + 1]);
        nextLeaseMs = Number(reply[7]);
        this.#recoveredAt = Number(reply[8]);
      },
    );
    const [lost = 0, timedOut = 0, dead = 0, promoted = 0, expired = 0, forgotten = 0] = sums;
    const report = { lost, timedOut, dead, promoted, expired, forgotten };
    return nextLeaseMs < 0 ? report : { ...report, nextLeaseMs };
  }

  async read(ids: readonly string[]): Promise<(Task | undefined)[]> {
    if (ids.length === 0) return [];
    const [, ...found] = await this.#runner.run(scripts.read, ["tasks", ...ids]);
    return found.map((fields, index) => {
      const id = ids[index] ?? "";
      if (Array.isArray(fields)) return parseTask(this.#options.name, id, fields.map(String));
      return fields === "malformed" ? parseTask(this.#options.name, id, []) : undefined;
    });
  }

  async states(ids: readonly string[]): Promise<(TaskState | undefined)[]> {
    const [, ...states] = await this.#runner.run(scripts.read, ["states", ...ids]);
    return states.map((state) => (typeof state === "string" ? stateOf(state) : undefined));
  }

  async list(state: TaskState, page: PageRequest): Promise<Page<Task>> {
    const { items, ...next } = await this.#page(state, page);
    const tasks = await this.read(items);
    return { items: tasks.filter((task) => task !== undefined), ...next };
  }

  deadIds(reason: DeadReason | undefined, page: PageRequest): Promise<Page<string>> {
    return this.#page(reason === undefined ? "dead" : `dead:${reason}`, page);
  }

  async counts(): Promise<TaskCounts> {
    return (await this.stats()).counts;
  }

  async stats(): Promise<QueueStats> {
    return parseStats(this.#options.name, await this.#runner.run(scripts.stats, [RECENT_MINUTES]));
  }

  async days(count: number): Promise<DayCounts[]> {
    return parseDays(await this.#runner.run(scripts.days, []), count);
  }

  async cancel(id: string): Promise<CancelReply> {
    const [word] = await this.#runner.run(scripts.cancel, [id, this.#options.retention.maxCount]);
    return word === "cancelled" || word === "requested" || word === "finished" ? word : "not-found";
  }

  async redrive(tasks: readonly { readonly id: string; readonly delayMs: number }[]): Promise<number> {
    const args = tasks.flatMap(({ id, delayMs }) => [id, delayMs]);
    return Number((await this.#runner.run(scripts.redrive, args))[1]);
  }

  async purge(state: Exclude<TaskState, "processing">, which: PurgeSelection): Promise<number> {
    let removed = 0;
    let start = 0;
    if (which.ids !== undefined) {
      for (let at = 0; at < which.ids.length; at += PURGE_BATCH) {
        const args = [state, which.olderThanMs, "ids", ...which.ids.slice(at, at + PURGE_BATCH)];
        removed += Number((await this.#runner.run(scripts.purge, args))[1]);
      }
      return removed;
    }
    await this.#runner.drain(
      scripts.purge,
      () => [state, which.olderThanMs, "", start],
      (reply) => {
        removed += Number(reply[1]);
        start = Number(reply[2]);
      },
    );
    return removed;
  }

  async pause(): Promise<void> {
    await this.#runner.run(scripts.pause, ["pause"]);
  }

  async resume(): Promise<void> {
    await this.#runner.run(scripts.pause, ["resume"]);
  }

  async clear(): Promise<void> {
    await this.#runner.drain(
      scripts.clear,
      () => [],
      () => {},
    );
    await this.#announcer.forget();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#runner.connection.close();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
  }

  reconnect(reason: string): void {
    this.#runner.connection.replace(reason);
    for (const lane of this.#lanes.values()) lane.reconnect(reason);
  }

  events(signal: AbortSignal | undefined): AsyncIterable<TaskEvent> {
    const closed = this.#closed.signal;
    return followEvents(
      this.#runner.connection.duplicate("queue-events"),
      eventsKey(this.#runner.base),
      signal === undefined ? closed : AbortSignal.any([closed, signal]),
    );
  }

  #lane(worker: string): WorkerLane {
    const known = this.#lanes.get(worker);
    if (known !== undefined) return known;
    const lane = new WorkerLane(worker, this.#runner, this.#options);
    this.#lanes.set(worker, lane);
    return lane;
  }

  async #page(state: string, page: PageRequest): Promise<Page<string>> {
    const after = checkPosition(state, page.after);
    const reply = await this.#runner.run(scripts.page, [state, after, page.limit]);
    const next = String(reply[1]);
    const items = Array.isArray(reply[2]) ? reply[2].map(String) : [];
    return next === "" ? { items } : { items, next };
  }

  #heldArguments(holding: Holding | undefined): (string | number)[] {
    if (holding === undefined || this.#recoveredAt === undefined) return ["", 0, ""];
    const until = this.#recoveredAt - forgottenAfterMs(this.#options);
    const claims = holding.claims.flatMap(({ id, token }) => [id, token]);
    return [holding.worker, until, holding.lastToken ?? "", ...claims];
  }

  /** What the backoff says about retry 1, 2, …, for tasks that time out without their worker. */
  #retryDelays(): string {
    return Array.from({ length: DELAYS_SENT }, (_, index) => this.#options.backoff(index + 1)).join(",");
  }
}

const PURGE_BATCH = 500;
const DELAYS_SENT = 20;

function referencesOf(notices: readonly unknown[], kind: string): ClaimReference[] {
  return notices
    .map((notice) => String(notice).split("|"))
    .filter(([named]) => named === kind)
    .map(([, id = "", token = ""]) => ({ id, token }));
}
