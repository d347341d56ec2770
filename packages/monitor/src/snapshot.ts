import type { ErrorSummary } from "@imgq/core";
import type { QueueStats } from "@imgq/queue";
import type { WorkerRecord, WorkerState } from "@imgq/registry";

/** The whole system at one moment. A part that could not be read shows its last known state and says so by `stale`. */
export interface Snapshot {
  /** Milliseconds since 1970 by this process' clock. */
  readonly at: number;
  /** Milliseconds it took to read. */
  readonly tookMs: number;
  /** Undefined when everything is in memory. */
  readonly redis?: RedisHealth;
  /** Those read at least once. */
  readonly queues: readonly QueueSnapshot[];
  readonly workers: WorkersSnapshot;
}

export interface QueueSnapshot extends QueueStats {
  /** Could not be read now; the numbers are the last known. */
  readonly stale: boolean;
  readonly error?: ErrorSummary;
  /** Tasks waiting or running now; scheduled ones are not due yet and do not count. */
  readonly backlog: number;
  /** Milliseconds until the backlog is done at the recent rate; undefined while nothing completes. */
  readonly etaMs?: number;
  /** Milliseconds since an attempt last ended, as far as this monitor has seen; 0 without a backlog. */
  readonly sinceProgressMs: number;
}

export interface WorkersSnapshot {
  /** Those registered: alive, or dead without a goodbye. */
  readonly list: readonly WorkerRecord[];
  /** Those that left or were cleaned up, last ended first; at most 50. */
  readonly ended: readonly WorkerRecord[];
  readonly byState: Readonly<Record<WorkerState, number>>;
  readonly alive: number;
  /** Units of concurrency of those alive. */
  readonly slots: number;
  readonly busySlots: number;
  readonly stale: boolean;
  readonly error?: ErrorSummary;
}

export type RedisHealth = RedisUp | RedisDown;

export interface RedisDown {
  readonly reachable: false;
  readonly error: ErrorSummary;
  /** Milliseconds since 1970: the first look that failed. */
  readonly since: number;
}

export interface RedisUp {
  readonly reachable: true;
  readonly roundTripMs: number;
  readonly server: "redis" | "valkey";
  readonly version: string;
  readonly role: string;
  readonly uptimeMs: number;
  readonly connectedClients: number;
  readonly usedMemoryBytes: number;
  /** 0: no limit. */
  readonly maxMemoryBytes: number;
  /** `maxmemory-policy`; imgq needs `noeviction`. */
  readonly policy: string;
  readonly appendOnly: boolean;
  /** Whether the last background save and the last AOF write went well. */
  readonly persistenceOk: boolean;
  /** Scripts run by the server since it started, of imgq and of others. */
  readonly scripts: {
    readonly calls: number;
    readonly totalMs: number;
    /** How long one takes; empty before Redis 7, which keeps no such record. */
    readonly percentiles: readonly { readonly quantile: number; readonly ms: number }[];
  };
}
