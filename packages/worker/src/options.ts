import { availableParallelism, hostname } from "node:os";
import { randomBytes } from "node:crypto";
import { InvalidOptionError, type Logger, SECOND, silentLogger } from "@imgq/core";
import type { Queue } from "@imgq/queue";
import type { Registry } from "@imgq/registry";
import type { Handler } from "./handler.ts";

export interface WorkerOptions<P = unknown, R = unknown> {
  readonly queue: Queue<P, R>;
  /** Where it registers and takes commands from. @default none: it works unseen */
  readonly registry?: Registry | undefined;
  /** Does the work of one task. */
  readonly handler: Handler<P, R>;
  /** @default queue, host, process and four random letters; or `IMGQ_WORKER_ID`, which a supervisor sets */
  readonly id?: string;
  /** Tasks at a time. @default processor cores + 1: libvips waits now and then */
  readonly concurrency?: number;
  /**
   * Milliseconds that a claimed task may have to wait for a slot. While tasks end sooner than that the worker claims ahead, so
   * that no slot waits for Redis; what waits four times as long goes back, without spending an attempt. 0 claims only
   * for free slots. @default 50
   */
  readonly claimAheadMs?: number;
  /** Milliseconds between beats. @default 1000 */
  readonly heartbeatIntervalMs?: number;
  /** Milliseconds others believe it alive after its last beat; at least twice the interval. @default the queue's leaseMs, 4000 */
  readonly leaseMs?: number;
  /** Milliseconds that `stop` waits for running tasks. @default 30000 */
  readonly shutdownTimeoutMs?: number;
  /** Resident bytes of the process above which it starts a task only when no other runs. @default none */
  readonly memoryLimitBytes?: number;
  /** Bytes a task will need, so that big ones do not start side by side; counts only with `memoryLimitBytes`. @default 0 */
  readonly weigh?: (payload: P) => number | Promise<number>;
  /** Milliseconds a handler may go on after its signal aborted, before its slot is given to another task. @default 1000 */
  readonly abortGraceMs?: number;
  /** Milliseconds without a turn of the main loop after which it is reported as `lagging`. @default 2000 */
  readonly laggingAfterMs?: number;
  /** Milliseconds without a turn of the main loop after which it is reported as `wedged`. @default 30000 */
  readonly wedgedAfterMs?: number;
  /** Milliseconds between rounds of recovery; one comes sooner when a lease runs out, which decides how soon a dead worker's tasks run again. @default 1000 */
  readonly recoverIntervalMs?: number;
  /** Milliseconds of pending tasks, free slots and no claim until the connection is replaced; after as much again the worker ends. @default 30000 */
  readonly silentAfterMs?: number;
  /** Versions to show beside those of imgq and node, such as sharp's. */
  readonly versions?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Running totals of the program's own, told with each beat. */
  readonly counters?: () => Readonly<Record<string, number>>;
  readonly log?: Logger;
}

const defaults = {
  claimAheadMs: 50,
  heartbeatIntervalMs: SECOND,
  shutdownTimeoutMs: 30 * SECOND,
  memoryLimitBytes: Number.POSITIVE_INFINITY,
  abortGraceMs: SECOND,
  laggingAfterMs: 2 * SECOND,
  wedgedAfterMs: 30 * SECOND,
  recoverIntervalMs: SECOND,
  silentAfterMs: 30 * SECOND,
  versions: {},
  labels: {},
  counters: (): Readonly<Record<string, number>> => ({}),
  weigh: (): number => 0,
  log: silentLogger,
} satisfies Partial<WorkerOptions>;

export interface ResolvedWorkerOptions<P, R> extends Required<Omit<WorkerOptions<P, R>, "registry" | "log">> {
  readonly registry: Registry | undefined;
  /** Adds the worker's id to each line. */
  readonly log: Logger;
}

/** Fills in the defaults and checks what cannot work together. */
export function resolveWorkerOptions<P, R>(options: WorkerOptions<P, R>): ResolvedWorkerOptions<P, R> {
  const { queue } = options;
  const id = options.id ?? takeAssignedId() ?? newWorkerId(queue.name);
  const resolved = {
    ...defaults,
    id,
    concurrency: availableParallelism() + 1,
    leaseMs: queue.leaseMs,
    registry: undefined,
    ...withoutUndefined(options),
  };
  checkConcurrency(resolved.concurrency);
  atLeast("heartbeatIntervalMs", resolved.heartbeatIntervalMs, 20);
  atLeast("claimAheadMs", resolved.claimAheadMs, 0);
  atLeast("shutdownTimeoutMs", resolved.shutdownTimeoutMs, 0);
  atLeast("abortGraceMs", resolved.abortGraceMs, 0);
  atLeast("recoverIntervalMs", resolved.recoverIntervalMs, 20);
  atLeast("laggingAfterMs", resolved.laggingAfterMs, 100);
  atLeast("wedgedAfterMs", resolved.wedgedAfterMs, resolved.laggingAfterMs);
  atLeast("silentAfterMs", resolved.silentAfterMs, 100);
  if (resolved.leaseMs < 2 * resolved.heartbeatIntervalMs) {
    throw new InvalidOptionError(
      "leaseMs",
      `be at least twice heartbeatIntervalMs, ${2 * resolved.heartbeatIntervalMs}`,
      resolved.leaseMs,
      "Raise it, or lower heartbeatIntervalMs: one late beat must not cost the lease.",
    );
  }
  const heartbeatTimeoutMs = resolved.registry?.heartbeatTimeoutMs ?? Number.POSITIVE_INFINITY;
  if (heartbeatTimeoutMs < 2 * resolved.heartbeatIntervalMs) {
    throw new InvalidOptionError(
      "heartbeatIntervalMs",
      `be at most half of the registry's heartbeatTimeoutMs, ${heartbeatTimeoutMs}`,
      resolved.heartbeatIntervalMs,
      "Lower it, or raise heartbeatTimeoutMs: one late beat must not make a worker look dead.",
    );
  }
  if (queue.backend === "redis" && resolved.registry?.backend === "memory") {
    throw new InvalidOptionError(
      "registry",
      "live in Redis when the queue does",
      "a registry in memory",
      "Create it with the same `redis`, or leave it out.",
    );
  }
  return { ...resolved, log: resolved.log.child({ workerId: id }) };
}

/** Throws unless it is a whole number of at least 1. */
export function checkConcurrency(concurrency: number): void {
  if (Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 1000) return;
  throw new InvalidOptionError(
    "concurrency",
    "be a whole number from 1 to 1000",
    concurrency,
    "For pictures, processor cores + 1 is a good value.",
  );
}

/** The id that a supervisor gave this process: for its first worker only, and for no process that this one starts. */
function takeAssignedId(): string | undefined {
  const id = process.env.IMGQ_WORKER_ID;
  delete process.env.IMGQ_WORKER_ID;
  return id;
}

/** A name that tells a person where the worker runs, and is never used twice. */
function newWorkerId(queue: string): string {
  const host = hostname()
    .replaceAll(/[^A-Za-z0-9.-]/g, "-")
    .slice(0, 40);
  return `${queue}-${host}-${process.pid}-${randomBytes(2).toString("hex")}`;
}

function atLeast(option: string, value: number, minimum: number): void {
  if (typeof value === "number" && value >= minimum) return;
  throw new InvalidOptionError(option, `be at least ${minimum}`, value, "See the option's description.");
}

function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
