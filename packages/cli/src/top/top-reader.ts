import type { Monitor, Snapshot } from "@imgq/monitor";
import type { Queue, Task, TaskState } from "@imgq/queue";
import type { TopData } from "./top-data.ts";
import type { TopState } from "./top-state.ts";
import { taskStates } from "../vocabulary.ts";

/** Entries kept of the throughput: more than the widest terminal shows. */
const historyLength = 240;
/** Tasks read for a list; the rest can be found with `imgq tasks`. */
const listLength = 200;

/** Reads what the open view needs, and remembers what the charts need. */
export class TopReader {
  readonly #queue: Queue;
  readonly #monitor: Monitor;
  #throughput: readonly number[] = [];
  #last: { readonly at: number; readonly completed: number } | undefined;

  constructor(queue: Queue, monitor: Monitor) {
    this.#queue = queue;
    this.#monitor = monitor;
  }

  /** Rejects only when a list cannot be read; that Redis is away is part of the snapshot. */
  async read(state: TopState): Promise<TopData> {
    const snapshot = await this.#monitor.snapshot();
    this.#remember(snapshot);
    const reachable = snapshot.redis?.reachable !== false;
    const tasks = reachable ? await this.#tasks(state) : [];
    const task =
      reachable && state.detail?.type === "task" ? await this.#queue.get(state.detail.id) : undefined;
    return { snapshot, tasks, task, throughput: this.#throughput };
  }

  async #tasks(state: TopState): Promise<readonly Task[]> {
    if (state.view === "dead") return (await this.#queue.deadLetters({ limit: listLength })).items;
    if (state.view !== "tasks") return [];
    const states: readonly TaskState[] = state.filter === "all" ? order : [state.filter];
    const tasks: Task[] = [];
    for (const one of states) {
      if (tasks.length >= listLength) break;
      tasks.push(...(await this.#queue.list(one, { limit: listLength - tasks.length })).items);
    }
    return tasks;
  }

  #remember({ queues, at }: Snapshot): void {
    const [queue] = queues;
    if (queue === undefined || queue.stale) return;
    const { completed } = queue.totals;
    const last = this.#last;
    this.#last = { at, completed };
    if (last === undefined || at <= last.at) return;
    const perSecond = Math.max(0, completed - last.completed) / ((at - last.at) / 1000);
    this.#throughput = [...this.#throughput, perSecond].slice(-historyLength);
  }
}

const order = [...taskStates].sort((a, b) => rank(a) - rank(b));

function rank(state: TaskState): number {
  return ["processing", "pending", "scheduled", "dead", "completed", "cancelled"].indexOf(state);
}
