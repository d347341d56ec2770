import type { PortableSource, RedisSource } from "@imgq/core/redis";

/** What a worker does now. `dead`: no beat within the heartbeat timeout. */
export const workerStates = [
  "starting",
  "running",
  "lagging",
  "wedged",
  "quiet",
  "draining",
  "stopped",
  "dead",
] as const;
export type WorkerState = (typeof workerStates)[number];

/** What does not change while a worker lives. */
export interface WorkerMetadata {
  readonly hostname: string;
  readonly pid: number;
  /** Milliseconds since 1970 by the worker's clock. */
  readonly startedAt: number;
  readonly queues: readonly string[];
  readonly concurrency: number;
  /** imgq, node, and whatever the program adds: sharp, libvips. */
  readonly versions: Readonly<Record<string, string>>;
  /** Free text pairs of the program's own. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A task in hand. */
export interface TaskInHand {
  readonly id: string;
  readonly queue: string;
  readonly attempt: number;
  readonly elapsedMs: number;
}

/** What a worker tells with each beat. */
export interface WorkerVitals {
  readonly state: Exclude<WorkerState, "dead">;
  readonly slots: number;
  readonly busySlots: number;
  readonly tasks: readonly TaskInHand[];
  readonly totals: WorkerTotals;
  readonly tasksPerMinute: number;
  readonly memory: {
    readonly rssBytes: number;
    readonly heapUsedBytes: number;
    readonly externalBytes: number;
  };
  /** Milliseconds by which timers of the main loop were late. */
  readonly eventLoopDelayMs: { readonly p50: number; readonly p99: number };
  /** Of one core: 200 means two cores busy. */
  readonly cpuPercent: number;
  readonly redisRoundTripMs?: number;
  /** Calls of each script since the worker started, and milliseconds they took, as the worker's main loop saw it. */
  readonly scripts?: Readonly<Record<string, ScriptTotals>>;
  /** Running totals of the program's own, such as `imageBytes` and `imagePixels`. */
  readonly counters?: Readonly<Record<string, number>>;
  readonly lastError?: string;
}

export interface ScriptTotals {
  readonly calls: number;
  readonly totalMs: number;
}

export interface WorkerTotals {
  readonly completed: number;
  readonly failed: number;
  readonly retried: number;
  readonly released: number;
  readonly lost: number;
}

/** How a worker ended: shown for 24 hours. */
export interface WorkerEnd {
  readonly reason: string;
  /** Milliseconds since 1970 by Redis' clock. */
  readonly at: number;
}

export interface WorkerRecord {
  readonly id: string;
  readonly metadata: WorkerMetadata;
  readonly state: WorkerState;
  /** A beat within the heartbeat timeout, and not unregistered. */
  readonly alive: boolean;
  readonly registeredAt: number;
  readonly lastBeatAt: number;
  readonly timeSinceHeartbeatMs: number;
  readonly vitals?: WorkerVitals;
  readonly end?: WorkerEnd;
}

export type WorkerCommand =
  | { readonly type: "quiet" }
  | { readonly type: "resume" }
  | { readonly type: "drain" }
  | { readonly type: "stop"; readonly timeoutMs?: number }
  | { readonly type: "set-concurrency"; readonly concurrency: number }
  | { readonly type: "cancel-task"; readonly queue: string; readonly id: string }
  | { readonly type: "log-level"; readonly level: "debug" | "info" | "warn" | "error" };

/** What another thread or process needs to open the same registry: pass it to `createRegistry` with `openSource(source)` as `redis`. */
export interface RegistryConnection {
  readonly source: PortableSource;
  readonly prefix: string;
  readonly heartbeatTimeoutMs: number;
  readonly keepEndedMs: number;
  readonly deadlineMs: number;
}

/**
 * Knows which workers are alive and what each is doing, and carries commands to them. Registered workers are alive or
 * dead; those that unregistered, and dead ones after `cleanup`, are remembered for a day with how they ended.
 */
export interface Registry {
  readonly backend: "redis" | "memory";
  readonly heartbeatTimeoutMs: number;
  /** Where it keeps its records, so that a monitor can look at the same Redis; undefined in memory. */
  readonly redis?: RedisSource;
  register(id: string, metadata: WorkerMetadata): Promise<void>;
  /** Says that `id` is alive and returns the commands sent to it since, each once. Unknown ids are an `UnknownWorkerError`. */
  heartbeat(id: string, vitals?: WorkerVitals): Promise<readonly WorkerCommand[]>;
  /** The worker stopped as it should. Unknown ids are let pass. */
  unregister(id: string, reason?: string): Promise<void>;
  /** Somebody saw the worker end: dead at once, without waiting for missed beats. */
  declareDead(id: string, cause: string): Promise<void>;
  /** Those alive. */
  active(): Promise<readonly WorkerRecord[]>;
  /** Those that ended without unregistering, until `cleanup` removes them. */
  dead(): Promise<readonly WorkerRecord[]>;
  /** All registered: alive and dead. */
  list(): Promise<readonly WorkerRecord[]>;
  /** Those no longer registered, last ended first: `stopped` ones left, `dead` ones were cleaned up. */
  ended(): Promise<readonly WorkerRecord[]>;
  /** One worker, registered or ended. */
  get(id: string): Promise<WorkerRecord | undefined>;
  /** Removes dead workers and returns them. */
  cleanup(): Promise<readonly WorkerRecord[]>;
  /** Queues a command for a worker's next beat. */
  send(id: string, command: WorkerCommand): Promise<"ok" | "not-found">;
  /** Removes every key of the registry. */
  clear(): Promise<void>;
  close(): Promise<void>;
  /** How to open the same registry in another thread or process; undefined in memory. */
  connection(): RegistryConnection | undefined;
}
