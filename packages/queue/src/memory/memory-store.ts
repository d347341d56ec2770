import type { TaskEvent } from "../events.ts";
import type { ResolvedQueueOptions } from "../options.ts";
import type { DeadReason, TaskState } from "../task.ts";
import type { Verdict } from "../verdict.ts";
import { MemoryCounters } from "./memory-counters.ts";
import { MemoryEvents } from "./memory-events.ts";
import { byEnd } from "./memory-order.ts";
import type { MemoryTask } from "./memory-task.ts";
import { MemoryWorkers } from "./memory-workers.ts";
import { PendingLists } from "./pending-lists.ts";

type EventType = TaskEvent["type"];

/** All that a queue in memory holds, and what several transitions do to it, each in one place: as lua/task.lua in Redis. */
export class MemoryStore {
  readonly tasks: Map<string, MemoryTask> = new Map();
  readonly workers: MemoryWorkers = new MemoryWorkers();
  readonly counters: MemoryCounters = new MemoryCounters(() => this.now());
  readonly events: MemoryEvents = new MemoryEvents();
  readonly pending: PendingLists = new PendingLists();
  /** Pending, but to be run alone. */
  readonly suspects: Map<string, MemoryTask> = new Map();
  readonly scheduled: Map<string, MemoryTask> = new Map();
  /** Finished tasks, oldest first. */
  readonly finished: Record<"completed" | "dead" | "cancelled", Map<string, MemoryTask>> = {
    completed: new Map(),
    dead: new Map(),
    cancelled: new Map(),
  };
  /** Dedupe key → id of the task that waits or runs under it. */
  readonly dedupe: Map<string, string> = new Map();
  paused = false;
  readonly #options: ResolvedQueueOptions;

  constructor(options: ResolvedQueueOptions) {
    this.#options = options;
  }

  now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  /** To pending, or to scheduled when `delayMs` is above 0. */
  putBack(
    task: MemoryTask,
    now: number,
    delayMs: number,
    event: EventType,
    end: "front" | "back" = "back",
  ): void {
    this.#letGo(task);
    delete task.progress;
    task.dueAt = now + delayMs;
    if (delayMs > 0) {
      task.state = "scheduled";
      this.scheduled.set(task.id, task);
    } else this.toPending(task, end);
    this.publish(event, task, now);
  }

  toPending(task: MemoryTask, end: "front" | "back"): void {
    task.state = "pending";
    if (task.crashes > 0) this.#toSuspects(task, end);
    else if (end === "front") this.pending.pushFirst(task);
    else this.pending.push(task);
  }

  #toSuspects(task: MemoryTask, end: "front" | "back"): void {
    const others = end === "front" ? [...this.suspects] : [];
    if (end === "front") this.suspects.clear();
    this.suspects.set(task.id, task);
    for (const [id, other] of others) this.suspects.set(id, other);
  }

  /** Moves a task to where its attempt's end sends it. */
  follow(task: MemoryTask, verdict: Verdict, now: number, delayMs: number, event: EventType): TaskState {
    if (verdict.to === "again") {
      if (event === "recovered") this.counters.count("recovered");
      this.putBack(task, now, delayMs, event);
    } else this.finish(task, verdict.to, now, verdict.to === "dead" ? verdict.reason : undefined);
    return task.state;
  }

  /** To a state without a way back, but for redrive. */
  finish(
    task: MemoryTask,
    state: "completed" | "dead" | "cancelled",
    now: number,
    reason?: DeadReason,
  ): void {
    this.#letGo(task);
    this.#forgetDedupe(task);
    task.state = state;
    task.finishedAt = now;
    if (reason !== undefined) task.deadReason = reason;
    this.finished[state].set(task.id, task);
    if (state !== "completed") this.counters.count(state);
    this.publish(state, task, now);
    if (state !== "dead") this.#dropBeyondCount(state);
  }

  /** Drops finished tasks that are too old. Returns how many. */
  expire(now: number): number {
    const oldest = now - this.#options.retention.maxAgeMs;
    const tasks = [...this.finished.completed.values(), ...this.finished.cancelled.values()];
    const expired = tasks.filter((task) => (task.finishedAt ?? now) <= oldest);
    for (const task of expired) this.remove(task);
    return expired.length;
  }

  /** Removes a task that waits or has ended. */
  remove(task: MemoryTask): void {
    this.#forgetDedupe(task);
    this.tasks.delete(task.id);
    this.pending.remove(task);
    this.suspects.delete(task.id);
    this.scheduled.delete(task.id);
    for (const tasks of Object.values(this.finished)) tasks.delete(task.id);
  }

  clear(): void {
    for (const task of this.tasks.values()) this.remove(task);
    this.workers.clear();
    this.counters.clear();
    this.paused = false;
  }

  /** Tells the holder of a claim at its next beats. */
  notifyHolder(task: MemoryTask, kind: "lost" | "cancelled"): void {
    const { id, token, worker } = task;
    if (worker !== undefined && token !== undefined)
      this.workers.notify(worker, kind, { id, token }, this.now());
  }

  publish(type: EventType, task: MemoryTask, at: number): void {
    const { id, state, attempt, worker } = task;
    this.events.publish({ type, id, state, attempt, at, ...(worker === undefined ? {} : { worker }) });
  }

  #letGo(task: MemoryTask): void {
    if (task.worker !== undefined) this.workers.letGo(task.worker, task);
    delete task.token;
    delete task.solo;
    if (task.state === "processing") delete task.cancelRequested;
  }

  #forgetDedupe(task: MemoryTask): void {
    if (task.dedupe !== undefined && this.dedupe.get(task.dedupe) === task.id)
      this.dedupe.delete(task.dedupe);
  }

  #dropBeyondCount(state: "completed" | "cancelled"): void {
    const kept = this.finished[state];
    while (kept.size > this.#options.retention.maxCount) {
      const [oldest] = kept.values();
      if (oldest === undefined) break;
      const sameTime: MemoryTask[] = [];
      for (const task of kept.values()) {
        if (task.finishedAt !== oldest.finishedAt) break;
        sameTime.push(task);
      }
      this.remove(sameTime.sort(byEnd)[0] ?? oldest);
    }
  }
}
