import type { Durability, NewTask } from "../broker.ts";
import { DurabilityError, type DurabilityAchieved } from "../errors.ts";
import { DEFAULT_TIMEOUT_MS } from "../history.ts";
import type { ResolvedQueueOptions } from "../options.ts";
import { durably } from "./durability.ts";
import { type Reply, type ScriptRunner } from "./script-runner.ts";
import { scripts } from "./scripts.ts";

/** Keeps a script call to about a millisecond. */
const MAX_TASKS = 250;
/** From so many tasks on, what was gathered goes in two calls: Redis works on one while the other is written or its callers go on. */
const TWO_CALLS_FROM = 32;
const MAX_CHARACTERS = 1024 * 1024;

interface PendingAdd {
  readonly tasks: readonly NewTask[];
  readonly resolve: (ids: string[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers the adds of one turn of the event loop into one script call: a hundred concurrent adds cost one round trip. */
export class AddBatcher {
  readonly #runner: ScriptRunner;
  readonly #options: ResolvedQueueOptions;
  #pending: PendingAdd[] = [];

  constructor(runner: ScriptRunner, options: ResolvedQueueOptions) {
    this.#runner = runner;
    this.#options = options;
  }

  add(tasks: readonly NewTask[], durability: Durability | undefined): Promise<string[]> {
    if (durability !== undefined) return this.#addDurably(tasks, durability);
    if (tasks.length > 1 && !fitsOneCall(tasks)) return this.#addInParts(tasks);
    return new Promise((resolve, reject) => {
      // After all promise callbacks of this turn, so that adds made by them are gathered too.
      if (this.#pending.length === 0) process.nextTick(() => this.#flush());
      this.#pending.push({ tasks, resolve, reject });
    });
  }

  #flush(): void {
    const pending = this.#pending;
    this.#pending = [];
    const total = pending.reduce((sum, one) => sum + one.tasks.length, 0);
    const most = total < TWO_CALLS_FROM ? MAX_TASKS : Math.min(MAX_TASKS, Math.ceil(total / 2));
    let batch: PendingAdd[] = [];
    let tasks = 0;
    let characters = 0;
    for (const one of pending) {
      const size = charactersOf(one.tasks);
      if (batch.length > 0 && (tasks + one.tasks.length > most || characters + size > MAX_CHARACTERS)) {
        void this.#send(batch);
        batch = [];
        tasks = 0;
        characters = 0;
      }
      batch.push(one);
      tasks += one.tasks.length;
      characters += size;
    }
    if (batch.length > 0) void this.#send(batch);
  }

  async #send(batch: readonly PendingAdd[]): Promise<void> {
    try {
      const tasks =
        batch.length === 1 && batch[0] !== undefined ? batch[0].tasks : batch.flatMap((one) => one.tasks);
      const ids = idsOf(tasks, await this.#runner.run(scripts.add, this.#argumentsOf(tasks)));
      let start = 0;
      for (const one of batch) {
        one.resolve(ids.slice(start, start + one.tasks.length));
        start += one.tasks.length;
      }
    } catch (error) {
      for (const one of batch) one.reject(error);
    }
  }

  async #addInParts(tasks: readonly NewTask[]): Promise<string[]> {
    // Halves until each fits: adds of one turn are sent in their order.
    const middle = Math.ceil(tasks.length / 2);
    const parts = [tasks.slice(0, middle), tasks.slice(middle)];
    return (await Promise.all(parts.map((part) => this.add(part, undefined)))).flat();
  }

  async #addDurably(tasks: readonly NewTask[], durability: Durability): Promise<string[]> {
    const args = this.#runner.arguments(this.#argumentsOf(tasks));
    let achieved: DurabilityAchieved = { replicas: 0, fsynced: false };
    try {
      const reply = await durably(
        this.#runner,
        scripts.add,
        args,
        durability,
        this.#options.deadlineMs,
        (reached) => {
          achieved = reached;
        },
      );
      const ids = idsOf(tasks, reply);
      if (durability === "replicated" ? achieved.replicas > 0 : achieved.fsynced) return ids;
      throw new DurabilityError(ids, durability, achieved);
    } catch (error) {
      throw this.#runner.typed(error);
    }
  }

  #argumentsOf(tasks: readonly NewTask[]): (string | number)[] {
    const { maxRetries, taskTimeoutMs } = this.#options;
    const isPlain = (task: NewTask): boolean =>
      task.delayMs === 0 &&
      task.priority === "normal" &&
      task.dedupe === undefined &&
      task.trace === undefined &&
      task.maxRetries === maxRetries &&
      task.timeoutMs === taskTimeoutMs;
    const allPlain = tasks.every(isPlain) && areDifferent(tasks);
    const timeoutMs = taskTimeoutMs === DEFAULT_TIMEOUT_MS ? "" : taskTimeoutMs;
    const args: (string | number)[] = [maxRetries, timeoutMs, allPlain ? 2 : 3];
    for (const task of tasks) {
      args.push(task.id, task.payload);
      if (!allPlain) args.push(isPlain(task) ? "" : optionsOf(task));
    }
    return args;
  }
}

function optionsOf(task: NewTask): string {
  const { priority, maxRetries, timeoutMs, delayMs, trace = "", dedupe = "" } = task;
  return `${priority}|${maxRetries}|${timeoutMs}|${delayMs}|${trace}|${dedupe}`;
}

function areDifferent(tasks: readonly NewTask[]): boolean {
  return tasks.length === 1 || new Set(tasks.map((task) => task.id)).size === tasks.length;
}

function fitsOneCall(tasks: readonly NewTask[]): boolean {
  return tasks.length <= MAX_TASKS && charactersOf(tasks) <= MAX_CHARACTERS;
}

function charactersOf(tasks: readonly NewTask[]): number {
  return tasks.reduce((sum, task) => sum + task.payload.length, 0);
}

/** The tasks' own ids, but where the reply names another that stands for one. */
function idsOf(tasks: readonly NewTask[], reply: Reply): string[] {
  const ids = tasks.map((task) => task.id);
  for (let index = 1; index < reply.length; index += 2) {
    ids[Number(reply[index]) - 1] = String(reply[index + 1]);
  }
  return ids;
}
