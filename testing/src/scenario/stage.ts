import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Alerts, createAlerts, createMonitor, memoryAlertStore, type Monitor } from "@imgq/monitor";
import { createQueue, type Queue } from "@imgq/queue";
import { createRegistry, type Registry } from "@imgq/registry";
import { type Supervisor, superviseWorkers } from "@imgq/worker";
import { Redis } from "ioredis";
import { compileProgram } from "../compile-program.ts";
import { eventually } from "../eventually.ts";
import type { FaultProxy } from "../fault-proxy.ts";
import { checkHistory, type Expectations, type Verdict } from "../history/check-history.ts";
import { documentedKeys } from "../history/documented-keys.ts";
import type { HistoryEvent } from "../history/history-event.ts";
import { type History, openHistory, readHistory } from "../history/history.ts";
import { createRecorder } from "../history/recorder.ts";
import { type NodeProcess, type ProcessEnd, spawnNode, type SpawnOptions } from "../node-process.ts";
import type { RedisProcess } from "../redis-process.ts";
import type { SeededRandom } from "../seeded-random.ts";
import type { ChaosTask } from "./chaos-task.ts";
import { readFinalState } from "./final-state.ts";
import type {
  PlainQueueOptions,
  PlainWorkerOptions,
  ProducerConfig,
  WorkerConfig,
} from "./program-config.ts";
import { type RedisPlace, sourceOf } from "./redis-place.ts";
import type { ProducerStart, Scenario, ScenarioOptions, WorkerStart } from "./scenario.ts";
const program = (name: string): string => fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url));
const images: string = fileURLToPath(new URL("../../../images/", import.meta.url));

/** One {@link Scenario} as it runs. */
export class Stage implements Scenario {
  readonly redis: RedisProcess;
  readonly proxy: FaultProxy;
  readonly queue: Queue<ChaosTask>;
  readonly registry: Registry;
  readonly random: SeededRandom;
  readonly inputRoot: string = images;
  readonly outputRoot: string;
  readonly #folder: string;
  readonly #history: History;
  readonly #place: RedisPlace | undefined;
  readonly #queueOptions: PlainQueueOptions;
  readonly #workers: NodeProcess[] = [];
  readonly #processes: NodeProcess[] = [];
  readonly #supervisors: Supervisor[] = [];
  #monitor: Monitor | undefined;
  #alerts: Alerts | undefined;
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
    this.#place = options.place;
    const source = sourceOf(options.place ?? redis.url);
    // Every task is kept: the checker asks for each at the end.
    this.#queueOptions = { name: "chaos", retention: { maxCount: 1_000_000 }, ...options.queue };
    this.queue = createRecorder(this.#history).queue(
      createQueue<ChaosTask>({ ...this.#queueOptions, redis: source }),
    );
    this.registry = createRegistry({ redis: source });
  }

  get recordTo(): History {
    return this.#history;
  }

  history(): HistoryEvent[] {
    return readHistory(this.#history.path);
  }

  async startWorker(options: WorkerStart = {}): Promise<NodeProcess> {
    const { throughProxy = true, byName = false, env, nodeArgs, through, ...worker } = options;
    const known = this.#workerConfig(worker, throughProxy);
    const redis =
      byName && typeof known.redis === "string" ? known.redis.replace("127.0.0.1", "localhost") : known.redis;
    const config = { ...known, redis, logs: true };
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

  async startSupervisor(processes: number, options: PlainWorkerOptions = {}): Promise<Supervisor> {
    const supervisor = superviseWorkers({
      modulePath: await compileProgram(program("chaos-worker")),
      args: [JSON.stringify({ ...this.#workerConfig(options, false), logs: false })],
      processes,
      queue: this.queue,
      registry: this.registry,
    });
    this.#supervisors.push(supervisor);
    await supervisor.start();
    await eventually(
      "all workers of the supervisor run",
      () => supervisor.children().every(({ report }) => report?.status === "running"),
      { timeoutMs: 60_000 },
    );
    return supervisor;
  }

  startProducer(options: ProducerStart): Promise<NodeProcess> {
    const { task, count, everyMs = 0, deadlineMs = 5000, throughProxy = true } = options;
    this.#added += 1;
    const config: ProducerConfig = {
      redis: this.#placeFor(throughProxy),
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

  async watchAlerts(): Promise<void> {
    this.#monitor = createMonitor({ queues: [this.queue], registry: this.registry });
    this.#alerts = createAlerts({
      monitor: this.#monitor,
      store: memoryAlertStore(),
      notify: [
        {
          name: "history",
          notify: ({ kind: phase, rule, subject }) => {
            this.#history.record({ kind: "alert", phase, rule, subject });
            return Promise.resolve();
          },
        },
      ],
    });
    await this.#alerts.start();
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
    await Promise.all(this.#supervisors.map((supervisor) => supervisor.stop()));
    const exits = await Promise.all(this.#workers.map((worker) => stopped(worker)));
    const wrong = exits.filter((exit) => exit !== undefined && exit.code !== 0);
    const events = this.history();
    const final = await readFinalState(this.queue, new Redis(this.redis.url), events);
    const verdict = checkHistory(events, final, { keyAllowed: documentedKeys(), ...expectations });
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
    await this.#alerts?.stop();
    await this.#monitor?.close();
    await Promise.all(this.#supervisors.map((supervisor) => supervisor.stop({ timeoutMs: 0 })));
    await Promise.all(this.#processes.map((process) => process.kill()));
    await Promise.all([this.queue.close(), this.registry.close()]);
    this.#history.close();
    await this.proxy.stop();
    await this.redis.stop();
    if (process.env.IMGQ_KEEP === undefined) await rm(this.#folder, { recursive: true, force: true });
    else console.error(`kept: ${this.#folder}`);
  }

  #placeFor(throughProxy: boolean): RedisPlace {
    return this.#place ?? (throughProxy ? this.proxy.url : this.redis.url);
  }

  #workerConfig(worker: PlainWorkerOptions, throughProxy: boolean): Omit<WorkerConfig, "logs"> {
    return {
      redis: this.#placeFor(throughProxy),
      history: this.#history.path,
      inputRoot: this.inputRoot,
      outputRoot: this.outputRoot,
      queue: this.#queueOptions,
      worker,
    };
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
