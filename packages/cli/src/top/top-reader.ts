import { type DeadGroup, deadGroups, type Monitor, type Snapshot } from "@imgq/monitor";
import type { Queue, Task, TaskState } from "@imgq/queue";
import type { TopData } from "./top-data.ts";
import type { TopState } from "./top-state.ts";
import { taskStates } from "../vocabulary.ts";

/** Entries kept of the throughput: more than the widest terminal shows. */
const historyLength = 240;
/** Tasks read for a list; the rest can be found with `imgq tasks`. */
const listLength = 200;
/** Dead letters read to group them, each look. */
const groupedLength = 1000;

/** Reads what the open view needs, and remembers what the charts need. */
export class TopReader {
  readonly #queues: readonly [Queue, ...Queue[]];
  readonly #monitor: Monitor;
  #throughput: readonly number[] = [];
  #last: { readonly name: string; readonly at: number; readonly completed: number } | undefined;

  constructor(queues: readonly [Queue, ...Queue[]], monitor: Monitor) {
    this.#queues = queues;
    this.#monitor = monitor;
  }

  /** Rejects only when a list cannot be read; that Redis is away is part of the snapshot. */
  async read(state: TopState): Promise<TopData> {
    const queue = chosenQueue(this.#queues, state);
    const snapshot = chosenFirst(await this.#monitor.snapshot(), queue.name);
    this.#remember(snapshot);
    const reachable = snapshot.redis?.reachable !== false;
    const groups = reachable && state.view === "dead" ? await this.#groups(queue) : [];
    const ofGroup = groups.find(({ key }) => key === state.group)?.samples ?? [];
    const tasks = state.view === "tasks" && reachable ? await this.#tasks(queue, state) : ofGroup;
    const task = reachable && state.detail?.type === "task" ? await queue.get(state.detail.id) : undefined;
    return { snapshot, groups, tasks, task, throughput: this.#throughput };
  }

  async #groups(queue: Queue): Promise<readonly DeadGroup[]> {
    return (await deadGroups(queue, { limit: groupedLength, samples: listLength })).groups;
  }

  async #tasks(queue: Queue, state: TopState): Promise<readonly Task[]> {
    const states: readonly TaskState[] = state.filter === "all" ? order : [state.filter];
    const tasks: Task[] = [];
    for (const one of states) {
      if (tasks.length >= listLength) break;
      tasks.push(...(await queue.list(one, { limit: listLength - tasks.length })).items);
    }
    return tasks;
  }

  #remember({ queues, at }: Snapshot): void {
    const [queue] = queues;
    if (queue === undefined || queue.stale) return;
    const { name } = queue;
    const { completed } = queue.totals;
    const last = this.#last;
    this.#last = { name, at, completed };
    if (last?.name !== name) this.#throughput = [];
    if (last?.name !== name || at <= last.at) return;
    const perSecond = Math.max(0, completed - last.completed) / ((at - last.at) / 1000);
    this.#throughput = [...this.#throughput, perSecond].slice(-historyLength);
  }
}

/** The queue that is looked at; keys walk around the list of them. */
export function chosenQueue(queues: readonly [Queue, ...Queue[]], state: TopState): Queue {
  return queues[state.queue % queues.length] ?? queues[0];
}

/** The views show the first queue of a snapshot. */
function chosenFirst(snapshot: Snapshot, name: string): Snapshot {
  const chosen = snapshot.queues.filter((queue) => queue.name === name);
  const others = snapshot.queues.filter((queue) => queue.name !== name);
  return { ...snapshot, queues: [...chosen, ...others] };
}

const order = [...taskStates].sort((a, b) => rank(a) - rank(b));

function rank(state: TaskState): number {
  return ["processing", "pending", "scheduled", "dead", "completed", "cancelled"].indexOf(state);
}
