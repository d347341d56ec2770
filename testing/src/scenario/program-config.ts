import type { QueueOptions } from "@imgq/queue";
import type { WorkerOptions } from "@imgq/worker";
import type { ChaosRoots } from "./run-chaos-task.ts";
import type { ChaosTask } from "./chaos-task.ts";
import type { RedisPlace } from "./redis-place.ts";

/** The options of a queue and a worker that can be passed to another process. */
export type PlainQueueOptions = Omit<QueueOptions, "redis" | "log" | "now" | "backoff"> & {
  readonly backoff?: "default" | "none";
};
export type PlainWorkerOptions = Pick<
  WorkerOptions,
  | "id"
  | "concurrency"
  | "shutdownTimeoutMs"
  | "laggingAfterMs"
  | "wedgedAfterMs"
  | "silentAfterMs"
  | "abortGraceMs"
>;

export interface WorkerConfig extends ChaosRoots {
  readonly redis: RedisPlace;
  readonly history: string;
  readonly queue: PlainQueueOptions;
  readonly worker: PlainWorkerOptions;
  /** Whether it writes its log to standard output. */
  readonly logs: boolean;
}

export interface ProducerConfig {
  readonly redis: RedisPlace;
  readonly history: string;
  readonly queue: PlainQueueOptions;
  readonly task: ChaosTask;
  readonly count: number;
  /** Milliseconds between two adds; 0 makes all of them at once. */
  readonly everyMs: number;
  readonly idPrefix: string;
  readonly deadlineMs: number;
}

/** What a program of the scenarios was started with: one JSON argument, written by the harness. */
export function readConfig<T extends WorkerConfig | ProducerConfig>(): T {
  return JSON.parse(process.argv[2] ?? "{}") as T;
}
