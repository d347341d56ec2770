import type { RedisSource } from "@imgq/core/redis";
import type { DayCounts } from "./days.ts";
import type { TaskEvent } from "./events.ts";
import type { Claim, DeadReason, Priority, Task, TaskState } from "./task.ts";

export interface AddOptions {
  /** Made by the caller to make `add` repeatable: a second add with the same id changes nothing and returns it. @default 20 random letters and digits */
  readonly id?: string;
  /** Milliseconds until the task may be claimed. @default 0 */
  readonly delayMs?: number;
  /** @default "normal" */
  readonly priority?: Priority;
  /** @default that of the queue */
  readonly maxRetries?: number;
  /** Milliseconds one attempt may take. @default that of the queue */
  readonly timeoutMs?: number;
  /** While a task with the same key is waiting or running, its id is returned and nothing is added. `true` derives the key from the payload. */
  readonly dedupe?: string | boolean;
  /** Where this add belongs in a distributed trace: a W3C `traceparent`. Kept with the task, not in its payload, and handed to the worker. */
  readonly trace?: string;
  /**
   * What must be true before `add` resolves: `replicated`, at least one replica has the task (WAIT); `fsynced`, the append-only
   * file with it is on disk (WAITAOF, Redis 7.2). Not reached in time rejects with `DurabilityError`, which says what was.
   * @default nothing more than Redis' own answer
   */
  readonly durability?: "replicated" | "fsynced";
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Pass as `after` to get the next page; undefined on the last. */
  readonly next?: string;
}

export interface PageOptions {
  readonly after?: string;
  /** 1 to 1000. @default 100 */
  readonly limit?: number;
}

export type TaskCounts = Readonly<Record<TaskState, number>>;

/** Milliseconds at the 50th, 95th and 99th percentile; undefined without a sample. */
export interface Percentiles {
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

/** How durations are spread. `counts[i]` of them took at most `boundsMs[i]`, and longer than the bound before; one more count for the rest. */
export interface DurationHistogram {
  readonly boundsMs: readonly number[];
  readonly counts: readonly number[];
  readonly sumMs: number;
}

export interface QueueStats {
  readonly name: string;
  readonly counts: TaskCounts;
  readonly paused: boolean;
  /** Since the queue was made or cleared. */
  readonly totals: Readonly<
    Record<
      | "added"
      | "completed"
      | "failed"
      | "dead"
      | "retried"
      | "released"
      | "lost"
      | "cancelled"
      | "recovered"
      | "redriven"
      | "leaseLost",
      number
    >
  >;
  readonly deadByReason: Readonly<Partial<Record<DeadReason, number>>>;
  /** Age of the oldest task that could be claimed now; 0 when there is none. */
  readonly oldestPendingAgeMs: number;
  /** Over the last `windowMs`, from the per-minute series: up to five minutes, less when work has begun since. */
  readonly recent: {
    readonly windowMs: number;
    readonly completedPerMinute: number;
    readonly failedPerMinute: number;
    /** Failed attempts ÷ ended attempts; 0 without any. */
    readonly failureRate: number;
    readonly wait: Percentiles;
    readonly run: Percentiles;
  };
  /** Since the queue was made or cleared, for scrapers that do their own rates; undefined when the backend keeps none. */
  readonly histograms?: { readonly wait: DurationHistogram; readonly run: DurationHistogram };
  /** Redis' clock when this was read. */
  readonly at: number;
}

export type SettleReply = "ok" | "lease-lost";

export type CancelReply = "cancelled" | "requested" | "finished" | "not-found";

export interface ClaimOptions {
  /** Id of the claiming worker; its lease covers what it claims. */
  readonly worker: string;
  /** Most tasks to claim; 0 only together with `ahead`. @default 1 */
  readonly limit?: number;
  /**
   * How many more to claim for soon, as far as others do not go short: at most half of what is pending then. A claim with
   * `ahead` alone never waits. @default 0
   */
  readonly ahead?: number;
  /** Milliseconds to wait for a task when there is none; 0 returns at once. @default 0 */
  readonly waitMs?: number;
  /** Ends the wait early; the claim then resolves with what it has. */
  readonly signal?: AbortSignal;
  /** Length of the lease this claim gives the worker if it has none. @default the queue's leaseMs */
  readonly leaseMs?: number;
}

export interface FailOptions {
  /** Straight to dead with this reason, whatever retries are left. */
  readonly deadReason?: DeadReason;
  /** `timeout` is recorded as such in the history. @default "failed" */
  readonly outcome?: "failed" | "timeout";
}

/** What a beat has to tell the worker. Told again with each beat for half a minute, because replies can be lost. */
export interface BeatReply {
  /** Claims of this worker that were given to others; its late results will be refused. */
  readonly lost: readonly ClaimReference[];
  /** Claims whose cancellation was asked for. */
  readonly cancelled: readonly ClaimReference[];
}

export interface ClaimReference {
  readonly id: string;
  readonly token: string;
}

export interface RecoverReport {
  /** Tasks taken from workers whose lease ran out. */
  readonly lost: number;
  /** Tasks whose timeout had passed long ago. */
  readonly timedOut: number;
  /** Of those, how many went to the dead letters. */
  readonly dead: number;
  /** Scheduled tasks that had become due. */
  readonly promoted: number;
  /** Finished tasks dropped by the retention policy. */
  readonly expired: number;
  /** Tasks given back because the worker that was to hold them lives and does not, as after a failover of Redis. */
  readonly forgotten: number;
  /** Milliseconds until the first lease runs out, if it is not extended; undefined without leases. */
  readonly nextLeaseMs?: number;
}

/** What a living worker holds, so that recovery can give back what it does not. */
export interface Holding {
  readonly worker: string;
  /** Its claims whose end Redis has not acknowledged: those that run, that wait, and whose outcome is on its way. */
  readonly claims: readonly ClaimReference[];
  /** Token of the last claim it received, if it has received any: later ones may be on their way to it. */
  readonly lastToken: string | undefined;
}

export interface RedriveOptions {
  /** Spreads the tasks over time. @default no limit */
  readonly ratePerSecond?: number;
  /** Only count. @default false */
  readonly dryRun?: boolean;
}

/** Stores tasks and moves them through their states. Every call may be repeated safely; none waits for ever. */
export interface Queue<P = unknown, R = unknown> {
  readonly name: string;
  readonly backend: "redis" | "memory";
  /** Where its tasks live, so that a monitor can look at the same Redis; undefined in memory. */
  readonly redis?: RedisSource;
  /** First part of its keys; with `name` and `redis`, what another thread needs to open the same queue. Undefined in memory. */
  readonly prefix?: string;
  /** Milliseconds a worker is believed alive after its last beat, unless the beat says otherwise. */
  readonly leaseMs: number;

  /** Stores a task and returns its id. Once this has returned, the task is not lost while Redis keeps its data. */
  add(payload: P, options?: AddOptions): Promise<string>;
  addMany(tasks: readonly ({ readonly payload: P } & AddOptions)[]): Promise<string[]>;

  get(id: string): Promise<Task<P, R> | undefined>;
  list(state: TaskState, options?: PageOptions): Promise<Page<Task<P, R>>>;
  counts(): Promise<TaskCounts>;
  stats(): Promise<QueueStats>;
  /** What was counted on each of the last `count` days (1 to 90, by UTC), oldest first, today the last. @default 90 */
  days(count?: number): Promise<readonly DayCounts[]>;
  /** Resolves with the task once it is completed, dead or cancelled; rejects with `WaitTimeoutError` after `timeoutMs`. */
  wait(
    id: string,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<Task<P, R>>;

  deadLetters(options?: PageOptions & { readonly reason?: DeadReason }): Promise<Page<Task<P, R>>>;
  /** Dead → pending with `attempt` 0. Returns how many. */
  redrive(
    which: readonly string[] | { readonly reason: DeadReason } | "all",
    options?: RedriveOptions,
  ): Promise<number>;
  /** Removes tasks of a finished or waiting state: all, or those old enough, or those of `ids` that are in it. Returns how many. */
  purge(
    state: Exclude<TaskState, "processing">,
    options?: { readonly olderThanMs?: number; readonly ids?: readonly string[] },
  ): Promise<number>;
  /** Waiting: cancelled at once. Processing: the handler is asked to stop. */
  cancel(id: string): Promise<CancelReply>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /**
   * Takes back what dead workers held, promotes what is due, drops what retention says. Any process may call it at any
   * time. A worker says what it holds; what it does not hold, though Redis has thought so for more than `deadlineMs` and
   * five seconds, is given back without spending an attempt.
   */
  recover(options?: { readonly holding?: Holding }): Promise<RecoverReport>;
  /** Removes every key of the queue. */
  clear(): Promise<void>;
  close(): Promise<void>;

  claim(options: ClaimOptions): Promise<Claim<P>[]>;
  complete(claim: Claim<P>, result?: R): Promise<SettleReply>;
  fail(claim: Claim<P>, error: unknown, options?: FailOptions): Promise<SettleReply>;
  /** Gives a task back without spending the attempt. */
  release(claim: Claim<P>, options?: { readonly delayMs?: number }): Promise<SettleReply>;
  progress(
    claim: Claim<P>,
    progress: { readonly fraction: number; readonly note?: string },
  ): Promise<SettleReply>;
  /** Extends the lease of everything `worker` holds here. */
  beat(options: { readonly worker: string; readonly leaseMs: number }): Promise<BeatReply>;
  /** Says that a worker's process has ended, so that its tasks need not wait for the lease. Returns how many were taken back. */
  workerLost(worker: string, cause: string): Promise<number>;
  /** Ends the lease of a worker that holds nothing any more. */
  workerLeft(worker: string): Promise<void>;

  /** Throws its connections away and opens new ones at the next call: for a watchdog that sees nothing come through. Nothing to do in memory. */
  reconnect?(reason: string): void;

  /** What happens in the queue from now on, without payloads. Only when the queue was made with `events: true`. */
  events(options?: { readonly signal?: AbortSignal }): AsyncIterable<TaskEvent>;
}
