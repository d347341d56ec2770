import type { ErrorSummary } from "@imgq/core";
import type { Grant, NewTask, Settlement } from "../broker.ts";
import type { TaskEvent } from "../events.ts";
import { ABANDONED_AFTER_MS } from "../history.ts";
import type { ResolvedQueueOptions } from "../options.ts";
import type { CancelReply, RecoverReport, SettleReply } from "../queue.ts";
import type { DeadReason, TaskState } from "../task.ts";
import { verdictOfFailure, verdictOfLoss, type Verdict } from "../verdict.ts";
import { MemoryCounters } from "./memory-counters.ts";
import { MemoryEvents } from "./memory-events.ts";
import { type MemoryTask, recordAttempt } from "./memory-task.ts";
import { MemoryWorkers } from "./memory-workers.ts";
import { PendingLists } from "./pending-lists.ts";

type EventType = TaskEvent["type"];

/**
 * All tasks of a queue and their transitions, in memory. Synchronous, so each is atomic; the Lua scripts do the same
 * in Redis, and one conformance suite runs against both.
 */
export class MemoryTransitions {
  readonly tasks: Map<string, MemoryTask> = new Map();
  readonly workers: MemoryWorkers = new MemoryWorkers();
  readonly counters: MemoryCounters = new MemoryCounters();
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
  paused = false;
  readonly #options: ResolvedQueueOptions;
  readonly #dedupe = new Map<string, string>();
  #fence = 0;

  constructor(options: ResolvedQueueOptions) {
    this.#options = options;
  }

  now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  add(task: NewTask): string {
    if (this.tasks.has(task.id)) return task.id;
    const same = task.dedupe === undefined ? undefined : this.#dedupe.get(task.dedupe);
    if (same !== undefined) return same;
    const now = this.now();
    const { delayMs, ...stored } = task;
    const added: MemoryTask = {
      ...stored,
      state: "pending",
      addedAt: now,
      attempt: 0,
      crashes: 0,
      dueAt: now,
      attempts: [],
    };
    this.tasks.set(task.id, added);
    if (task.dedupe !== undefined) this.#dedupe.set(task.dedupe, task.id);
    this.counters.count("added");
    this.#putBack(added, now, delayMs, "added");
    return task.id;
  }

  promote(): number {
    const now = this.now();
    const due = [...this.scheduled.values()].filter((task) => task.dueAt <= now);
    for (const task of due.sort(byDue)) {
      this.scheduled.delete(task.id);
      this.#toPending(task, "back");
    }
    return due.length;
  }

  claim(worker: string, limit: number, leaseMs: number): Grant[] {
    this.promote();
    const now = this.now();
    this.workers.lease(worker, now, leaseMs);
    if (this.paused) return [];
    const held = this.workers.heldBy(worker);
    if (held.some((task) => task.solo === true)) return [];
    const [suspect] = this.suspects.values();
    if (suspect !== undefined) {
      if (held.length === 0) {
        this.suspects.delete(suspect.id);
        this.workers.endReservation(worker);
        return [this.#grant(suspect, worker, now, true)];
      }
      if (this.workers.mustDrain(worker, this.suspects.size, now)) return [];
    }
    const grants: Grant[] = [];
    while (grants.length < limit) {
      const task = this.pending.take();
      if (task === undefined) break;
      grants.push(this.#grant(task, worker, now, false));
    }
    return grants;
  }

  settle(settlement: Settlement): SettleReply {
    const task = this.tasks.get(settlement.id);
    if (task === undefined || task.token !== settlement.token) {
      if (task?.settledAs === settledAs(settlement)) return "ok";
      this.counters.count("leaseLost");
      return "lease-lost";
    }
    const now = this.now();
    task.settledAs = settledAs(settlement);
    switch (settlement.kind) {
      case "complete":
        this.#complete(task, settlement.result, now);
        break;
      case "fail":
        this.#fail(task, settlement, now);
        break;
      case "release":
        this.#release(task, settlement.delayMs, now);
        break;
    }
    return "ok";
  }

  cancel(id: string): CancelReply {
    const task = this.tasks.get(id);
    if (task === undefined) return "not-found";
    switch (task.state) {
      case "pending":
      case "scheduled":
        this.pending.remove(task);
        this.suspects.delete(id);
        this.scheduled.delete(id);
        this.#finish(task, "cancelled", this.now());
        return "cancelled";
      case "processing":
        if (task.cancelRequested !== true) {
          task.cancelRequested = true;
          this.#notifyHolder(task, "cancelled");
        }
        return "requested";
      default:
        return "finished";
    }
  }

  redrive(id: string, delayMs: number): boolean {
    const task = this.tasks.get(id);
    if (task?.state !== "dead") return false;
    this.finished.dead.delete(id);
    task.attempt = 0;
    task.crashes = 0;
    delete task.deadReason;
    delete task.finishedAt;
    if (task.dedupe !== undefined && !this.#dedupe.has(task.dedupe)) this.#dedupe.set(task.dedupe, id);
    this.counters.count("redriven");
    this.#putBack(task, this.now(), delayMs, "redriven");
    return true;
  }

  /** Takes back all that a dead worker held. */
  takeBack(worker: string, cause: string): { readonly lost: number; readonly dead: number } {
    const now = this.now();
    const tasks = this.workers.heldBy(worker);
    let dead = 0;
    for (const task of tasks) {
      this.counters.count("lost");
      this.#notifyHolder(task, "lost");
      const error: ErrorSummary = { name: "WorkerLostError", message: `worker lost: ${worker}, ${cause}` };
      recordAttempt(task, "lost", now, error);
      task.lastError = error;
      task.crashes += 1;
      const verdict = verdictOfLoss(soFar(task), this.#options.maxCrashes);
      if (this.#follow(task, verdict, now, 0, "recovered") === "dead") dead += 1;
    }
    this.workers.remove(worker);
    return { lost: tasks.length, dead };
  }

  recover(): RecoverReport {
    const promoted = this.promote();
    const now = this.now();
    let lost = 0;
    let dead = 0;
    for (const worker of this.workers.expired(now)) {
      const taken = this.takeBack(worker, "its lease ran out");
      lost += taken.lost;
      dead += taken.dead;
    }
    const abandoned = [...this.tasks.values()].filter(
      (task) =>
        task.state === "processing" && (task.claimedAt ?? now) + task.timeoutMs + ABANDONED_AFTER_MS <= now,
    );
    for (const task of abandoned) if (this.#timeOut(task, now) === "dead") dead += 1;
    return { lost, timedOut: abandoned.length, dead, promoted, expired: this.#expire(now) };
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

  #grant(task: MemoryTask, worker: string, now: number, solo: boolean): Grant {
    this.#fence += 1;
    this.counters.waited(now - task.dueAt, now);
    task.state = "processing";
    task.attempt += 1;
    task.claimedAt = now;
    task.worker = worker;
    task.token = String(this.#fence);
    task.solo = solo;
    delete task.progress;
    this.workers.hold(worker, task);
    this.#publish("claimed", task, now);
    const { id, token, payload, attempt, maxRetries, crashes, timeoutMs, addedAt, trace } = task;
    const grant = { id, token, payload, attempt, maxRetries, crashes, timeoutMs, addedAt, solo };
    return trace === undefined ? grant : { ...grant, trace };
  }

  #complete(task: MemoryTask, result: string | undefined, now: number): void {
    if (result !== undefined) task.result = result;
    this.counters.ended("completed", now - (task.claimedAt ?? now), now);
    this.#finish(task, "completed", now);
  }

  #fail(task: MemoryTask, failure: Settlement & { kind: "fail" }, now: number): void {
    const error = JSON.parse(failure.error) as ErrorSummary;
    this.counters.ended("failed", now - (task.claimedAt ?? now), now);
    const verdict = verdictOfFailure(soFar(task), failure.outcome, failure.deadReason);
    recordAttempt(task, verdict.to === "cancelled" ? "cancelled" : failure.outcome, now, error);
    task.lastError = error;
    if (verdict.to === "again") this.counters.count("retried");
    this.#follow(task, verdict, now, failure.delayMs, "retried");
  }

  #release(task: MemoryTask, delayMs: number, now: number): void {
    recordAttempt(task, "released", now);
    this.counters.count("released");
    task.attempt -= 1;
    if (task.cancelRequested === true) this.#finish(task, "cancelled", now);
    else this.#putBack(task, now, delayMs, "released", "front");
  }

  #timeOut(task: MemoryTask, now: number): TaskState {
    const error: ErrorSummary = {
      name: "TimeoutError",
      message: `no outcome within ${task.timeoutMs} ms from worker ${task.worker ?? ""}`,
    };
    this.#notifyHolder(task, "lost");
    this.counters.ended("failed", now - (task.claimedAt ?? now), now);
    const verdict = verdictOfFailure(soFar(task), "timeout", undefined);
    recordAttempt(task, verdict.to === "cancelled" ? "cancelled" : "timeout", now, error);
    task.lastError = error;
    return this.#follow(task, verdict, now, this.#options.backoff(task.attempt - task.crashes), "recovered");
  }

  #follow(task: MemoryTask, verdict: Verdict, now: number, delayMs: number, event: EventType): TaskState {
    if (verdict.to === "again") {
      if (event === "recovered") this.counters.count("recovered");
      this.#putBack(task, now, delayMs, event);
    } else this.#finish(task, verdict.to, now, verdict.to === "dead" ? verdict.reason : undefined);
    return task.state;
  }

  #putBack(
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
    } else this.#toPending(task, end);
    this.#publish(event, task, now);
  }

  #toPending(task: MemoryTask, end: "front" | "back"): void {
    task.state = "pending";
    if (task.crashes > 0) this.suspects.set(task.id, task);
    else if (end === "front") this.pending.pushFirst(task);
    else this.pending.push(task);
  }

  #finish(
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
    this.#publish(state, task, now);
    if (state !== "dead") this.#dropBeyondCount(state);
  }

  #letGo(task: MemoryTask): void {
    if (task.worker !== undefined) this.workers.letGo(task.worker, task);
    delete task.token;
    delete task.solo;
    if (task.state === "processing") delete task.cancelRequested;
  }

  #forgetDedupe(task: MemoryTask): void {
    if (task.dedupe !== undefined && this.#dedupe.get(task.dedupe) === task.id)
      this.#dedupe.delete(task.dedupe);
  }

  #dropBeyondCount(state: "completed" | "cancelled"): void {
    const kept = this.finished[state];
    for (const task of kept.values()) {
      if (kept.size <= this.#options.retention.maxCount) break;
      this.remove(task);
    }
  }

  #expire(now: number): number {
    const oldest = now - this.#options.retention.maxAgeMs;
    const tasks = [...this.finished.completed.values(), ...this.finished.cancelled.values()];
    const expired = tasks.filter((task) => (task.finishedAt ?? now) <= oldest);
    for (const task of expired) this.remove(task);
    return expired.length;
  }

  #notifyHolder(task: MemoryTask, kind: "lost" | "cancelled"): void {
    const { id, token, worker } = task;
    if (worker !== undefined && token !== undefined)
      this.workers.notify(worker, kind, { id, token }, this.now());
  }

  #publish(type: EventType, task: MemoryTask, at: number): void {
    const { id, state, attempt, worker } = task;
    this.events.publish({ type, id, state, attempt, at, ...(worker === undefined ? {} : { worker }) });
  }
}

function soFar(task: MemoryTask): Parameters<typeof verdictOfFailure>[0] {
  const { attempt, crashes, maxRetries, cancelRequested = false } = task;
  return { attempt, crashes, maxRetries, cancelRequested };
}

/** A fail after a complete is no repetition of it, even with the same token. */
function settledAs({ kind, token }: Settlement): string {
  return `${kind} ${token}`;
}

/** Those due in the same millisecond in the order of their ids, as Redis sorts them. */
export function byDue(a: MemoryTask, b: MemoryTask): number {
  return a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1);
}
