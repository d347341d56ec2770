import { summarizeError } from "@imgq/core";
import type { RedisSource } from "@imgq/core/redis";
import { MAX_DELAY_MS } from "./backoff.ts";
import type { Broker, Grant } from "./broker.ts";
import { claimOf } from "./claim-of.ts";
import { type DayCounts, DAYS_KEPT } from "./days.ts";
import { QueueClosedError, TaskNotFoundError } from "./errors.ts";
import type { TaskEvent } from "./events.ts";
import { classifyFailure } from "./failure.ts";
import { checkTaskId, checkWhole, checkWorkerId } from "./identifiers.ts";
import { newTaskOf, strongestDurability } from "./new-task.ts";
import type { ResolvedQueueOptions } from "./options.ts";
import { encodeJson } from "./payload.ts";
import type {
  AddOptions,
  BeatReply,
  CancelReply,
  ClaimOptions,
  FailOptions,
  Holding,
  Page,
  PageOptions,
  Queue,
  QueueStats,
  RecoverReport,
  RedriveOptions,
  SettleReply,
  TaskCounts,
} from "./queue.ts";
import { redriveDead } from "./redrive.ts";
import type { Claim, DeadReason, Task, TaskState } from "./task.ts";
import { TaskWaiter } from "./task-waiter.ts";

const MAX_CLAIM = 1000;
const MAX_PAGE = 1000;

/** The queue as users see it: checks what comes in, decides what an error means, and leaves the rest to a broker. */
export class TaskQueue<P, R> implements Queue<P, R> {
  readonly name: string;
  readonly backend: "redis" | "memory";
  readonly leaseMs: number;
  declare readonly redis?: RedisSource;
  declare readonly prefix?: string;
  readonly #options: ResolvedQueueOptions;
  readonly #broker: Broker;
  readonly #waiter: TaskWaiter;
  #closed = false;

  constructor(options: ResolvedQueueOptions, broker: Broker) {
    this.name = options.name;
    this.leaseMs = options.leaseMs;
    this.backend = options.redis === undefined ? "memory" : "redis";
    if (options.redis !== undefined) {
      this.redis = options.redis;
      this.prefix = options.prefix;
    }
    this.#options = options;
    this.#broker = broker;
    this.#waiter = new TaskWaiter((ids) => broker.states(ids));
  }

  async add(payload: P, options: AddOptions = {}): Promise<string> {
    const [id] = await this.#open("add").add(
      [newTaskOf(payload, options, this.#options)],
      options.durability,
    );
    return id ?? "";
  }

  async addMany(tasks: readonly ({ readonly payload: P } & AddOptions)[]): Promise<string[]> {
    const broker = this.#open("addMany");
    if (tasks.length === 0) return [];
    return broker.add(
      tasks.map((task) => newTaskOf(task.payload, task, this.#options)),
      strongestDurability(tasks),
    );
  }

  async get(id: string): Promise<Task<P, R> | undefined> {
    const [task] = await this.#open("get").read([checkTaskId(id)]);
    return task === undefined ? undefined : typedTask(task);
  }

  async list(state: TaskState, options: PageOptions = {}): Promise<Page<Task<P, R>>> {
    const { items, ...rest } = await this.#open("list").list(state, checkedPage(options));
    return { items: items.map((task) => typedTask<P, R>(task)), ...rest };
  }

  async counts(): Promise<TaskCounts> {
    return this.#open("counts").counts();
  }

  async stats(): Promise<QueueStats> {
    return this.#open("stats").stats();
  }

  async days(count: number = DAYS_KEPT): Promise<readonly DayCounts[]> {
    return this.#open("days").days(checkWhole("count", count, 1, DAYS_KEPT));
  }

  async wait(
    id: string,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<Task<P, R>> {
    this.#open("wait");
    const timeoutMs = checkWhole("timeoutMs", options.timeoutMs, 1, MAX_TIMER_MS);
    await this.#waiter.untilEnded(checkTaskId(id), timeoutMs, options.signal);
    const task = await this.get(id);
    if (task === undefined) throw new TaskNotFoundError(id);
    return task;
  }

  async deadLetters(options: PageOptions & { readonly reason?: DeadReason } = {}): Promise<Page<Task<P, R>>> {
    const broker = this.#open("deadLetters");
    const { items, ...rest } = await broker.deadIds(options.reason, checkedPage(options));
    const tasks = (await broker.read(items)).filter((task) => task !== undefined);
    return { items: tasks.map((task) => typedTask<P, R>(task)), ...rest };
  }

  async redrive(
    which: readonly string[] | { readonly reason: DeadReason } | "all",
    options: RedriveOptions = {},
  ): Promise<number> {
    return redriveDead(this.#open("redrive"), which, options);
  }

  async purge(
    state: Exclude<TaskState, "processing">,
    options: { readonly olderThanMs?: number; readonly ids?: readonly string[] } = {},
  ): Promise<number> {
    return this.#open("purge").purge(state, {
      olderThanMs: checkWhole("olderThanMs", options.olderThanMs ?? 0, 0, Number.MAX_SAFE_INTEGER),
      ids: options.ids?.map(checkTaskId),
    });
  }

  async cancel(id: string): Promise<CancelReply> {
    return this.#open("cancel").cancel(checkTaskId(id));
  }

  async pause(): Promise<void> {
    return this.#open("pause").pause();
  }

  async resume(): Promise<void> {
    return this.#open("resume").resume();
  }

  async recover(options: { readonly holding?: Holding } = {}): Promise<RecoverReport> {
    return this.#open("recover").recover(options.holding);
  }

  async clear(): Promise<void> {
    return this.#open("clear").clear();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiter.close(new QueueClosedError(this.name, "wait"));
    await this.#broker.close();
  }

  async claim(options: ClaimOptions): Promise<Claim<P>[]> {
    const broker = this.#open("claim");
    const worker = checkWorkerId(options.worker);
    const ahead = checkWhole("ahead", options.ahead ?? 0, 0, MAX_CLAIM);
    const limit = checkWhole("limit", options.limit ?? 1, ahead > 0 ? 0 : 1, MAX_CLAIM);
    const grants = await broker.claim({
      worker,
      limit,
      ahead,
      waitMs: limit === 0 ? 0 : checkWhole("waitMs", options.waitMs ?? 0, 0, MAX_TIMER_MS),
      leaseMs: checkWhole("leaseMs", options.leaseMs ?? this.#options.leaseMs, 1, MAX_DELAY_MS),
      signal: options.signal,
    });
    const claims: Claim<P>[] = [];
    for (const grant of grants) {
      const claim = claimOf<P>(grant, this.name, worker);
      if (claim === undefined) await this.#refuseMalformed(grant, worker);
      else claims.push(claim);
    }
    return claims;
  }

  /** Not `async`, though it never throws: the call made most often goes without a promise around the broker's. */
  complete(claim: Claim<P>, result?: R): Promise<SettleReply> {
    try {
      const broker = this.#open("complete");
      const { id, token, worker } = claim;
      const json =
        result === undefined ? undefined : encodeJson("result", result, this.#options.maxPayloadBytes);
      return broker.settle({ kind: "complete", id, token, worker, result: json });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async fail(claim: Claim<P>, error: unknown, options: FailOptions = {}): Promise<SettleReply> {
    const failure = classifyFailure(error, options);
    if (failure.kind === "later") return this.release(claim, { delayMs: Math.round(failure.delayMs) });
    const { id, token, worker, attempt, crashes } = claim;
    return this.#open("fail").settle({
      kind: "fail",
      id,
      token,
      worker,
      outcome: failure.outcome,
      error: JSON.stringify(failure.error),
      deadReason: failure.kind === "dead" ? failure.reason : undefined,
      delayMs: this.#options.backoff(attempt - crashes),
    });
  }

  async release(claim: Claim<P>, options: { readonly delayMs?: number } = {}): Promise<SettleReply> {
    const { id, token, worker } = claim;
    const delayMs = checkWhole("delayMs", options.delayMs ?? 0, 0, MAX_DELAY_MS);
    return this.#open("release").settle({ kind: "release", id, token, worker, delayMs });
  }

  async progress(
    claim: Claim<P>,
    progress: { readonly fraction: number; readonly note?: string },
  ): Promise<SettleReply> {
    const fraction = Math.min(1, Math.max(0, progress.fraction)) || 0;
    const note = progress.note === undefined ? {} : { note: progress.note.slice(0, MAX_NOTE) };
    return this.#open("progress").progress(claim, JSON.stringify({ fraction, ...note }));
  }

  async beat(options: { readonly worker: string; readonly leaseMs: number }): Promise<BeatReply> {
    const leaseMs = checkWhole("leaseMs", options.leaseMs, 1, MAX_DELAY_MS);
    return this.#open("beat").beat(checkWorkerId(options.worker), leaseMs);
  }

  async workerLost(worker: string, cause: string): Promise<number> {
    return this.#open("workerLost").workerLost(checkWorkerId(worker), String(cause).slice(0, MAX_NOTE));
  }

  async workerLeft(worker: string): Promise<void> {
    return this.#open("workerLeft").workerLeft(checkWorkerId(worker));
  }

  reconnect(reason: string): void {
    this.#open("reconnect").reconnect(reason);
  }

  events(options: { readonly signal?: AbortSignal } = {}): AsyncIterable<TaskEvent> {
    return this.#open("events").events(options.signal);
  }

  #open(call: string): Broker {
    if (this.#closed) throw new QueueClosedError(this.name, call);
    return this.#broker;
  }

  /** Somebody wrote this payload by hand: no handler should see it. */
  async #refuseMalformed(grant: Grant, worker: string): Promise<void> {
    const error = summarizeError(new SyntaxError("the payload is not JSON"));
    await this.#broker.settle({
      kind: "fail",
      id: grant.id,
      token: grant.token,
      worker,
      outcome: "failed",
      error: JSON.stringify(error),
      deadReason: "invalid-input",
      delayMs: 0,
    });
    this.#options.log.warn("Task with a malformed payload moved to the dead letters", { taskId: grant.id });
  }
}

/** Longest time a Node timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const MAX_NOTE = 500;

function checkedPage(options: PageOptions): Required<Pick<PageOptions, "limit">> & PageOptions {
  return { ...options, limit: checkWhole("limit", options.limit ?? 100, 1, MAX_PAGE) };
}

/** The queue's type says what its payloads and results are; what others wrote under its name is not checked here. */
function typedTask<P, R>(task: Task): Task<P, R> {
  return task as Task<P, R>;
}
