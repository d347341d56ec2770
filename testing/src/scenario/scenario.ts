import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createQueue, type Queue } from "@imgq/queue";
import { createRegistry, type Registry } from "@imgq/registry";
import { Redis } from "ioredis";
import { eventually } from "../eventually.ts";
import { type FaultProxy, startFaultProxy } from "../fault-proxy.ts";
import { checkHistory, type Expectations, type Verdict } from "../history/check-history.ts";
import type { HistoryEvent } from "../history/history-event.ts";
import { type History, openHistory, readHistory } from "../history/history.ts";
import { createRecorder } from "../history/recorder.ts";
import { type NodeProcess, type ProcessEnd, spawnNode, type SpawnOptions } from "../node-process.ts";
import { type RedisProcess, startRedisProcess } from "../redis-process.ts";
import type { SeededRandom } from "../seeded-random.ts";
import type { ChaosTask } from "./chaos-task.ts";
import { readFinalState } from "./final-state.ts";
import type {
  PlainQueueOptions,
  PlainWorkerOptions,
  ProducerConfig,
  WorkerConfig,
} from "./program-config.ts";

const program = (name: string): string => fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url));
const images: string = fileURLToPath(new URL("../../../images/", import.meta.url));

export interface ScenarioOptions {
  readonly random: SeededRandom;
  readonly queue?: Omit<PlainQueueOptions, "name">;
  readonly redisArgs?: readonly string[];
  /** Environment of Redis, such as that of a fake clock. */
  readonly redisEnv?: Readonly<Record<string, string>>;
}

export interface WorkerStart extends PlainWorkerOptions, SpawnOptions {
  /** Whether it reaches Redis through the proxy. @default true */
  readonly throughProxy?: boolean;
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

class Stage implements Scenario {
  readonly redis: RedisProcess;
  readonly proxy: FaultProxy;
  readonly queue: Queue<ChaosTask>;
  readonly registry: Registry;
  readonly random: SeededRandom;
  readonly inputRoot: string = images;
  readonly outputRoot: string;
  readonly #folder: string;
  readonly #history: History;
  readonly #queueOptions: PlainQueueOptions;
  readonly #workers: NodeProcess[] = [];
  readonly #processes: NodeProcess[] = [];
  #added = 0;

  constructor(
    options: ScenarioOptions,
    folder: string,
    outputRoot: string,
    redis: RedisProcess,
    proxy: FaultProxy,
  ) {
    this.redis = redis;
    this.proxy = proxy;
    this.random = options.random;
    this.outputRoot = outputRoot;
    this.#folder = folder;
    this.#history = openHistory(join(folder, "history"));
    // Every task is kept: the checker asks for each at the end.
    this.#queueOptions = { name: "chaos", retention: { maxCount: 1_000_000 }, ...options.queue };
    this.queue = createRecorder(this.#history).queue(
      createQueue<ChaosTask>({ ...this.#queueOptions, redis: redis.url }),
    );
    this.registry = createRegistry({ redis: redis.url });
  }

  get recordTo(): History {
    return this.#history;
  }

  history(): HistoryEvent[] {
    return readHistory(this.#history.path);
  }

  async startWorker(options: WorkerStart = {}): Promise<NodeProcess> {
    const { throughProxy = true, env, nodeArgs, through, ...worker } = options;
    const config: WorkerConfig = {
      redis: throughProxy ? this.proxy.url : this.redis.url,
      history: this.#history.path,
      inputRoot: this.inputRoot,
      outputRoot: this.outputRoot,
      queue: this.#queueOptions,
      worker,
    };
    const process = await this.#spawn("chaos-worker", config, {
      ...(env === undefined ? {} : { env }),
      ...(nodeArgs === undefined ? {} : { nodeArgs }),
      ...(through === undefined ? {} : { through }),
    });
    this.#workers.push(process);
    await process.waitForLine(
      ({ text }) => text.includes("takes beats") || text.includes("does not answer yet"),
    );
    return process;
  }

  startProducer(options: ProducerStart): Promise<NodeProcess> {
    const { task, count, everyMs = 0, deadlineMs = 5000, throughProxy = true } = options;
    this.#added += 1;
    const config: ProducerConfig = {
      redis: throughProxy ? this.proxy.url : this.redis.url,
      history: this.#history.path,
      queue: this.#queueOptions,
      task,
      count,
      everyMs,
      deadlineMs,
      idPrefix: `producer-${this.#added}`,
    };
    return this.#spawn("chaos-producer", config);
  }

  add(task: ChaosTask, count: number = 1): Promise<string[]> {
    const ids = Array.from({ length: count }, () => `${task.do}-${(this.#added += 1)}`);
    return Promise.all(ids.map((id) => this.queue.add(task, { id })));
  }

  async started(id?: string, by?: NodeProcess): Promise<void> {
    await eventually(
      `${id ?? "a task"} is started`,
      () =>
        this.history().some(
          (event) =>
            event.kind === "run" &&
            event.phase === "started" &&
            (id === undefined || event.id === id) &&
            (by === undefined || event.pid === by.pid),
        ),
      { timeoutMs: 30_000 },
    );
  }

  async during<T>(name: string, whileItLasts: () => Promise<T>, target?: NodeProcess): Promise<T> {
    const fault = { kind: "fault", name, ...(target === undefined ? {} : { target: target.pid }) } as const;
    this.#history.record({ ...fault, phase: "began" });
    try {
      return await whileItLasts();
    } finally {
      this.#history.record({ ...fault, phase: "ended" });
    }
  }

  record(name: string, target?: NodeProcess): void {
    this.#history.record({
      kind: "fault",
      phase: "began",
      name,
      ...(target === undefined ? {} : { target: target.pid }),
    });
  }

  kill(worker: NodeProcess): Promise<ProcessEnd> {
    return this.during("kill-worker", () => worker.kill(), worker);
  }

  async drained(timeoutMs: number = 60_000): Promise<void> {
    await eventually(
      "the queue is drained",
      async () => {
        const { scheduled, pending, processing } = await this.queue.counts();
        return scheduled + pending + processing === 0;
      },
      { timeoutMs, everyMs: 50 },
    );
  }

  async judge(expectations: Expectations = {}): Promise<Verdict> {
    const exits = await Promise.all(this.#workers.map((worker) => stopped(worker)));
    const wrong = exits.filter((exit) => exit !== undefined && exit.code !== 0);
    const events = this.history();
    const final = await readFinalState(this.queue, new Redis(this.redis.url), events);
    const verdict = checkHistory(events, final, expectations);
    return {
      ...verdict,
      violations: [
        ...verdict.violations,
        ...wrong.map((exit) => ({
          invariant: "I10" as const,
          what: `a worker exited with ${exit?.signal ?? exit?.code} after SIGTERM`,
        })),
      ],
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.kill()));
    await Promise.all([this.queue.close(), this.registry.close()]);
    this.#history.close();
    await this.proxy.stop();
    await this.redis.stop();
    if (process.env.IMGQ_KEEP === undefined) await rm(this.#folder, { recursive: true, force: true });
    else console.error(`kept: ${this.#folder}`);
  }

  async #spawn(
    name: string,
    config: WorkerConfig | ProducerConfig,
    options?: SpawnOptions,
  ): Promise<NodeProcess> {
    const process = await spawnNode(program(name), [JSON.stringify(config)], options);
    this.#processes.push(process);
    void process.ended.then(({ code, signal }) =>
      this.#history.record({ kind: "exit", target: process.pid, code, signal }),
    );
    return process;
  }
}

/** How a worker that still runs ends when it is asked to; undefined when it had ended before. */
async function stopped(worker: NodeProcess): Promise<ProcessEnd | undefined> {
  if (!worker.running) return undefined;
  worker.signal("SIGTERM");
  return worker.endWithin(40_000);
}
