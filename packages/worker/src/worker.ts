import type { TaskInHand, WorkerTotals, WorkerVitals } from "@imgq/registry";
import type { WorkerEvents } from "./worker-events.ts";
import type { StopReport, WorkerExit, WorkerStatus } from "./worker-status.ts";

export interface WorkerStats {
  readonly id: string;
  readonly status: WorkerStatus;
  readonly slots: number;
  readonly busySlots: number;
  readonly tasks: readonly TaskInHand[];
  readonly totals: WorkerTotals & {
    readonly dead: number;
    readonly timedOut: number;
    readonly cancelled: number;
    /** Handlers that ignored their signal. */
    readonly abandoned: number;
  };
  readonly tasksPerMinute: number;
  readonly vitals: WorkerVitals;
  /** Milliseconds since Redis last took a beat; undefined before the first. */
  readonly beatAgeMs?: number;
  /** Milliseconds that tasks have been pending, slots free, and nothing was claimed; 0 when all is well. */
  readonly silentMs: number;
  /** From when on silence is trouble. */
  readonly silentAfterMs: number;
  /** Whether Redis takes its beats. Always in memory. */
  readonly reachesRedis: boolean;
  /** Milliseconds that a handler has gone on since it was given up; 0 without one. Only the end of the process can stop it. */
  readonly hangingMs: number;
  /** The longest timeout of the tasks that run. */
  readonly longestTimeoutMs: number;
}

/**
 * Claims tasks, keeps their leases, runs the handler and settles what comes of it.
 *
 * Started, it registers, beats once a second from a thread of its own (so that a busy main loop loses no lease), and
 * claims as many tasks as it has free slots. Quiet, it finishes what it has and claims nothing. While Redis is away it
 * keeps what it runs, claims nothing, and goes on by itself when Redis is back. Stopped, it finishes what it can within
 * its time, gives the rest back without spending an attempt, and leaves the registry.
 */
export interface Worker {
  readonly id: string;
  readonly status: WorkerStatus;
  /** Resolves when it claims; if Redis is away, after 5 s all the same: it begins as soon as Redis is there. */
  start(): Promise<void>;
  /** Claims nothing more; what runs goes on. */
  quiet(): void;
  /** Claims again. */
  resume(): void;
  /**
   * Stops for good. Called again with a shorter time it hurries: `stop({ timeoutMs: 0 })` gives everything back at once.
   * Never rejects, and takes at most `timeoutMs` plus `abortGraceMs` and five seconds, also without Redis.
   */
  stop(options?: { readonly timeoutMs?: number; readonly reason?: string }): Promise<StopReport>;
  setConcurrency(concurrency: number): void;
  stats(): WorkerStats;
  /** Returns what takes the listener away again. */
  on<Name extends keyof WorkerEvents>(name: Name, listener: (event: WorkerEvents[Name]) => void): () => void;
  /** Resolves when it has stopped, by whatever cause. Never rejects. */
  readonly exited: Promise<WorkerExit>;
  /** Ends the connections of its queue and registry; for programs that are nothing but this worker. */
  closeConnections(): Promise<void>;
}
