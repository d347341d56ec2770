import { sleep } from "@imgq/core";
import type { Broker, ClaimRequest, Grant, NewTask, PurgeSelection, Settlement } from "../broker.ts";
import type { DayCounts } from "../days.ts";
import type { TaskEvent } from "../events.ts";
import type { ResolvedQueueOptions } from "../options.ts";
import type {
  BeatReply,
  CancelReply,
  Holding,
  Page,
  PageOptions,
  QueueStats,
  RecoverReport,
  SettleReply,
  TaskCounts,
} from "../queue.ts";
import { type DeadReason, deadReasons, type Task, type TaskState } from "../task.ts";
import { type MemoryTask, toTask } from "./memory-task.ts";
import { byDue, byEnd } from "./memory-order.ts";
import { MemoryTransitions } from "./memory-transitions.ts";

type PageRequest = Required<Pick<PageOptions, "limit">> & PageOptions;

/** Keeps the tasks of a queue in this process: for tests, tools and programs without Redis. They end with the process. */
export class MemoryBroker implements Broker {
  readonly #name: string;
  readonly #state: MemoryTransitions;
  readonly #closed = new AbortController();
  /** Ends the sleep of claims that wait; replaced at each use. */
  #changed = new AbortController();

  constructor(options: ResolvedQueueOptions) {
    this.#name = options.name;
    this.#state = new MemoryTransitions(options);
  }

  async add(tasks: readonly NewTask[]): Promise<string[]> {
    return this.#changing(() => tasks.map((task) => this.#state.add(task)));
  }

  async claim(request: ClaimRequest): Promise<Grant[]> {
    const until = performance.now() + request.waitMs;
    for (;;) {
      const grants = this.#state.claim(request);
      const leftMs = until - performance.now();
      if (
        grants.length > 0 ||
        leftMs <= 0 ||
        request.signal?.aborted === true ||
        this.#closed.signal.aborted
      ) {
        return grants;
      }
      const signals = [
        this.#changed.signal,
        this.#closed.signal,
        ...(request.signal ? [request.signal] : []),
      ];
      await sleep(Math.min(leftMs, this.#untilDueMs()), AbortSignal.any(signals));
    }
  }

  async settle(settlement: Settlement): Promise<SettleReply> {
    return this.#changing(() => {
      const reply = this.#state.settle(settlement);
      // As a worker's round in Redis does, whether or not it claims.
      this.#state.promote();
      return reply;
    });
  }

  async progress(
    claim: { readonly id: string; readonly token: string },
    progress: string,
  ): Promise<SettleReply> {
    const task = this.#state.store.tasks.get(claim.id);
    if (task === undefined || task.token !== claim.token) return "lease-lost";
    task.progress = JSON.parse(progress) as NonNullable<Task["progress"]>;
    return "ok";
  }

  async beat(worker: string, leaseMs: number): Promise<BeatReply> {
    return this.#state.store.workers.beat(worker, this.#state.store.now(), leaseMs);
  }

  async workerLost(worker: string, cause: string): Promise<number> {
    return this.#changing(() => this.#state.takeBack(worker, cause).lost);
  }

  async workerLeft(worker: string): Promise<void> {
    // What it still holds must be found by recover, which looks for a lease that ran out.
    if (this.#state.store.workers.heldBy(worker).length === 0) this.#state.store.workers.forget(worker);
  }

  async recover(holding: Holding | undefined): Promise<RecoverReport> {
    return this.#changing(() => this.#state.recover(holding));
  }

  async read(ids: readonly string[]): Promise<(Task | undefined)[]> {
    return ids.map((id) => {
      const task = this.#state.store.tasks.get(id);
      return task === undefined ? undefined : toTask(this.#name, task);
    });
  }

  async states(ids: readonly string[]): Promise<(TaskState | undefined)[]> {
    return ids.map((id) => this.#state.store.tasks.get(id)?.state);
  }

  async list(state: TaskState, page: PageRequest): Promise<Page<Task>> {
    const { items, next } = pageOf(this.#inState(state), page);
    return { items: items.map((task) => toTask(this.#name, task)), ...(next === undefined ? {} : { next }) };
  }

  async deadIds(reason: DeadReason | undefined, page: PageRequest): Promise<Page<string>> {
    const dead = this.#inState("dead").filter((task) => reason === undefined || task.deadReason === reason);
    const { items, next } = pageOf(dead, page);
    return { items: items.map((task) => task.id), ...(next === undefined ? {} : { next }) };
  }

  async counts(): Promise<TaskCounts> {
    const { scheduled, pending, suspects, finished, tasks } = this.#state.store;
    const sizes = {
      scheduled: scheduled.size,
      pending: pending.size + suspects.size,
      completed: finished.completed.size,
      dead: finished.dead.size,
      cancelled: finished.cancelled.size,
    };
    const processing = tasks.size - Object.values(sizes).reduce((sum, size) => sum + size, 0);
    return { ...sizes, processing };
  }

  async stats(): Promise<QueueStats> {
    const now = this.#state.store.now();
    const oldest = this.#inState("pending").reduce((least, task) => Math.min(least, task.dueAt), now);
    const reasons = deadReasons.map(
      (reason) =>
        [reason, this.#inState("dead").filter((task) => task.deadReason === reason).length] as const,
    );
    return {
      name: this.#name,
      counts: await this.counts(),
      paused: this.#state.store.paused,
      totals: this.#state.store.counters.totals,
      deadByReason: Object.fromEntries(reasons.filter(([, count]) => count > 0)),
      oldestPendingAgeMs: now - oldest,
      recent: this.#state.store.counters.recent(now),
      histograms: this.#state.store.counters.histograms(),
      at: now,
    };
  }

  async days(count: number): Promise<DayCounts[]> {
    return this.#state.store.counters.days(this.#state.store.now(), count);
  }

  async cancel(id: string): Promise<CancelReply> {
    return this.#state.cancel(id);
  }

  async redrive(tasks: readonly { readonly id: string; readonly delayMs: number }[]): Promise<number> {
    return this.#changing(() => tasks.filter(({ id, delayMs }) => this.#state.redrive(id, delayMs)).length);
  }

  async purge(state: Exclude<TaskState, "processing">, which: PurgeSelection): Promise<number> {
    const oldest = this.#state.store.now() - which.olderThanMs;
    const ids = which.ids === undefined ? undefined : new Set(which.ids);
    const tasks = this.#inState(state).filter(
      (task) => (task.finishedAt ?? task.addedAt) <= oldest && ids?.has(task.id) !== false,
    );
    for (const task of tasks) this.#state.store.remove(task);
    return tasks.length;
  }

  async pause(): Promise<void> {
    this.#state.store.paused = true;
  }

  async resume(): Promise<void> {
    this.#changing(() => {
      this.#state.store.paused = false;
    });
  }

  async clear(): Promise<void> {
    this.#state.store.clear();
  }

  async close(): Promise<void> {
    this.#closed.abort();
  }

  reconnect(): void {
    // There is nothing between it and its tasks.
  }

  events(signal: AbortSignal | undefined): AsyncIterable<TaskEvent> {
    const closed = this.#closed.signal;
    return this.#state.store.events.listen(signal === undefined ? closed : AbortSignal.any([closed, signal]));
  }

  /** Runs a transition that may give waiting claims something to take. */
  #changing<T>(transition: () => T): T {
    const result = transition();
    const { signal } = this.#changed;
    if (!signal.aborted) {
      const before = this.#changed;
      this.#changed = new AbortController();
      before.abort();
    }
    return result;
  }

  #untilDueMs(): number {
    const now = this.#state.store.now();
    const due = [...this.#state.store.scheduled.values()].map((task) => task.dueAt - now);
    return Math.max(1, Math.min(MAX_SLEEP_MS, ...due));
  }

  /** In the order of `list`: waiting tasks as they will run, finished ones newest first. */
  #inState(state: TaskState): MemoryTask[] {
    const { scheduled, pending, suspects, finished, tasks } = this.#state.store;
    switch (state) {
      case "pending":
        return [...suspects.values(), ...pending];
      case "scheduled":
        return [...scheduled.values()].sort(byDue);
      case "processing":
        return [...tasks.values()].filter((task) => task.state === "processing");
      default:
        return [...finished[state].values()].sort(byEnd).reverse();
    }
  }
}

/** A virtual clock does not end a sleep, so look again now and then. */
const MAX_SLEEP_MS = 1000;

function pageOf(tasks: readonly MemoryTask[], page: PageRequest): { items: MemoryTask[]; next?: string } {
  const start = page.after === undefined ? 0 : tasks.findIndex((task) => task.id === page.after) + 1;
  const items = tasks.slice(start, start + page.limit);
  const last = items.at(-1);
  return last !== undefined && start + page.limit < tasks.length ? { items, next: last.id } : { items };
}
