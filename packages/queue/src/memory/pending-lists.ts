import { nextPriority, type Passes } from "../priority-rounds.ts";
import { priorities, type Priority } from "../task.ts";
import type { MemoryTask } from "./memory-task.ts";

/** Pending tasks in the order of their claims: a line per priority. */
export class PendingLists {
  readonly #lines: Record<Priority, Map<string, MemoryTask>> = {
    high: new Map(),
    normal: new Map(),
    low: new Map(),
  };
  /** Given back, the last one first. */
  readonly #first: Record<Priority, MemoryTask[]> = { high: [], normal: [], low: [] };
  readonly #passes: Passes = { high: 0, normal: 0, low: 0 };

  get size(): number {
    return priorities.reduce((total, priority) => total + this.#waiting(priority), 0);
  }

  push(task: MemoryTask): void {
    this.#lines[task.priority].set(task.id, task);
  }

  /** Puts a task that was given back before the others. */
  pushFirst(task: MemoryTask): void {
    this.#first[task.priority].push(task);
  }

  take(): MemoryTask | undefined {
    const priority = nextPriority((one) => this.#waiting(one) > 0, this.#passes);
    if (priority === undefined) return undefined;
    const givenBack = this.#first[priority].pop();
    if (givenBack !== undefined) return givenBack;
    const [first] = this.#lines[priority].values();
    if (first !== undefined) this.#lines[priority].delete(first.id);
    return first;
  }

  remove(task: MemoryTask): void {
    this.#lines[task.priority].delete(task.id);
    this.#first[task.priority] = this.#first[task.priority].filter((other) => other !== task);
  }

  /** Next to be claimed first, priority by priority. */
  *[Symbol.iterator](): Generator<MemoryTask> {
    for (const priority of priorities) {
      yield* this.#first[priority].toReversed();
      yield* this.#lines[priority].values();
    }
  }

  #waiting(priority: Priority): number {
    return this.#lines[priority].size + this.#first[priority].length;
  }
}
