import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Queue } from "@imgq/queue";
import type { Registry } from "@imgq/registry";
import type { Supervisor } from "@imgq/worker";
import { type FaultProxy, startFaultProxy } from "../fault-proxy.ts";
import type { Expectations, Verdict } from "../history/check-history.ts";
import type { HistoryEvent } from "../history/history-event.ts";
import type { History } from "../history/history.ts";
import type { NodeProcess, ProcessEnd, SpawnOptions } from "../node-process.ts";
import { type RedisProcess, startRedisProcess } from "../redis-process.ts";
import type { SeededRandom } from "../seeded-random.ts";
import type { ChaosTask } from "./chaos-task.ts";
import type { PlainQueueOptions, PlainWorkerOptions } from "./program-config.ts";
import type { RedisPlace } from "./redis-place.ts";
import { Stage } from "./stage.ts";

export interface ScenarioOptions {
  readonly random: SeededRandom;
  readonly queue?: Omit<PlainQueueOptions, "name">;
  readonly redisArgs?: readonly string[];
  /** Another Redis than the scenario's own, such as a sentinel group or a cluster. */
  readonly place?: RedisPlace;
  /** Environment of Redis, such as that of a fake clock. */
  readonly redisEnv?: Readonly<Record<string, string>>;
}

export interface WorkerStart extends PlainWorkerOptions, SpawnOptions {
  /** Whether it reaches Redis through the proxy. @default true */
  readonly throughProxy?: boolean;
  /** Whether it knows Redis by a host name, which has to be looked up at each connection. @default false */
  readonly byName?: boolean;
}

export interface ProducerStart {
  readonly task: ChaosTask;
  readonly count: number;
  readonly everyMs?: number;
  /** Milliseconds until one add is given up and tried again. @default 5000 */
  readonly deadlineMs?: number;
  readonly throughProxy?: boolean;
}

/** A stage for one fault scenario: a Redis and a proxy of its own, a queue, worker processes, and the history of it all. */
export interface Scenario {
  readonly redis: RedisProcess;
  readonly proxy: FaultProxy;
  /** As a producer and observer sees it, straight to Redis; its adds are recorded. */
  readonly queue: Queue<ChaosTask>;
  readonly registry: Registry;
  readonly random: SeededRandom;
  readonly inputRoot: string;
  readonly outputRoot: string;
  /** Where a nemesis writes down what it does. */
  readonly recordTo: History;
  /** What has been recorded so far. */
  history(): HistoryEvent[];
  /** Starts a worker process and resolves once it claims (or, with Redis away, has said that it waits). */
  startWorker(options?: WorkerStart): Promise<NodeProcess>;
  startProducer(options: ProducerStart): Promise<NodeProcess>;
  /** Watches as an operator does, with the default rules, and records whatever alert rings. */
  watchAlerts(): Promise<void>;
  /** Starts a supervisor in this process with worker processes under it, and resolves once all of them claim. */
  startSupervisor(processes: number, options?: PlainWorkerOptions): Promise<Supervisor>;
  /** Adds tasks and returns their ids. */
  add(task: ChaosTask, count?: number): Promise<string[]>;
  /** Resolves once a task has been started, by any worker or one. */
  started(id?: string, by?: NodeProcess): Promise<void>;
  /** Records a fault around `whileItLasts`. */
  during<T>(name: string, whileItLasts: () => Promise<T>, target?: NodeProcess): Promise<T>;
  /** Records a fault that is over as soon as it has begun. */
  record(name: string, target?: NodeProcess): void;
  /** SIGKILL, recorded as `kill-worker`. */
  kill(worker: NodeProcess): Promise<ProcessEnd>;
  /** Resolves once nothing is scheduled, pending or processing. */
  drained(timeoutMs?: number): Promise<void>;
  /** Asks every worker to stop, checks that each exits with 0, and judges the history and the final state. */
  judge(expectations?: Expectations): Promise<Verdict>;
  close(): Promise<void>;
}

export async function startScenario(options: ScenarioOptions): Promise<Scenario> {
  const folder = await mkdtemp(join(tmpdir(), "imgq-scenario-"));
  const outputRoot = join(folder, "output");
  await mkdir(outputRoot);
  const redis = await startRedisProcess({
    ...(options.redisArgs === undefined ? {} : { args: options.redisArgs }),
    ...(options.redisEnv === undefined ? {} : { env: options.redisEnv }),
  });
  const proxy = await startFaultProxy({ targetPort: redis.port, random: options.random.fork("proxy") });
  return new Stage(options, folder, outputRoot, redis, proxy);
}
