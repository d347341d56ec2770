import type { ErrorSummary } from "@imgq/core";
import type { ClaimRequest, Grant, NewTask, Settlement } from "../broker.ts";
import { ABANDONED_AFTER_MS, forgottenAfterMs } from "../history.ts";
import type { ResolvedQueueOptions } from "../options.ts";
import type { CancelReply, Holding, RecoverReport, SettleReply } from "../queue.ts";
import type { TaskState } from "../task.ts";
import { verdictOfFailure, verdictOfLoss } from "../verdict.ts";
import { type MemoryTask, recordAttempt } from "./memory-task.ts";
import { byDue } from "./memory-order.ts";
import { MemoryStore } from "./memory-store.ts";

/**
 * The transitions of a queue in memory. Synchronous, so each is atomic; the Lua scripts do the same
 * in Redis, and one conformance suite runs against both.
 */
export class MemoryTransitions {
  readonly store: MemoryStore;
  readonly #options: ResolvedQueueOptions;
  #fence = 0;
  #recoveredAt: number | undefined;

  constructor(options: ResolvedQueueOptions) {
    this.#options = options;
    this.store = new MemoryStore(options);
  }

  add(task: NewTask): string {
    if (this.store.tasks.has(task.id)) return task.id;
    const same = task.dedupe === undefined ? undefined : this.store.dedupe.get(task.dedupe);
    if (same !== undefined) return same;
    const now = this.store.now();
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
    this.store.tasks.set(task.id, added);
    if (task.dedupe !== undefined) this.store.dedupe.set(task.dedupe, task.id);
    this.store.counters.count("added");
    this.store.putBack(added, now, delayMs, "added");
    return task.id;
  }

  promote(): number {
    const now = this.store.now();
    const due = [...this.store.scheduled.values()].filter((task) => task.dueAt <= now);
    for (const task of due.sort(byDue)) {
      this.store.scheduled.delete(task.id);
      this.store.toPending(task, "back");
    }
    return due.length;
  }

  claim({ worker, limit, ahead, leaseMs }: ClaimRequest): Grant[] {
    this.promote();
    const now = this.store.now();
    this.store.workers.lease(worker, now, leaseMs);
    if (this.store.paused) return [];
    const held = this.store.workers.heldBy(worker);
    if (held.some((task) => task.solo === true)) return [];
    const [suspect] = this.store.suspects.values();
    if (suspect !== undefined) {
      if (held.length === 0) {
        this.store.suspects.delete(suspect.id);
        this.store.workers.endReservation(worker);
        return [this.#grant(suspect, worker, now, true)];
      }
      if (this.store.workers.mustDrain(worker, this.store.suspects.size, now)) return [];
    }
    const grants: Grant[] = [];
    // A worker that takes ahead is not free soon, as a task that runs alone needs it to be.
    const spare = suspect === undefined ? Math.floor(Math.max(0, this.store.pending.size - limit) / 2) : 0;
    while (grants.length < limit + Math.min(ahead, spare)) {
      const task = this.store.pending.take();
      if (task === undefined) break;
      grants.push(this.#grant(task, worker, now, false));
    }
    return grants;
  }

  settle(settlement: Settlement): SettleReply {
    const task = this.store.tasks.get(settlement.id);
    if (task?.token !== settlement.token || task.worker !== settlement.worker) {
      if (task?.settledAs === settledAs(settlement)) return "ok";
      this.store.counters.count("leaseLost");
      return "lease-lost";
    }
    const now = this.store.now();
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
    const task = this.store.tasks.get(id);
    if (task === undefined) return "not-found";
    switch (task.state) {
      case "pending":
      case "scheduled":
        this.store.pending.remove(task);
        this.store.suspects.delete(id);
        this.store.scheduled.delete(id);
        this.store.finish(task, "cancelled", this.store.now());
        return "cancelled";
      case "processing":
        if (task.cancelRequested !== true) {
          task.cancelRequested = true;
          this.store.notifyHolder(task, "cancelled");
        }
        return "requested";
      default:
        return "finished";
    }
  }

  redrive(id: string, delayMs: number): boolean {
    const task = this.store.tasks.get(id);
    if (task?.state !== "dead") return false;
    this.store.finished.dead.delete(id);
    task.attempt = 0;
    task.crashes = 0;
    delete task.deadReason;
    delete task.finishedAt;
    if (task.dedupe !== undefined && !this.store.dedupe.has(task.dedupe))
      this.store.dedupe.set(task.dedupe, id);
    this.store.counters.count("redriven");
    this.store.putBack(task, this.store.now(), delayMs, "redriven");
    return true;
  }

  /** Takes back all that a dead worker held. */
  takeBack(worker: string, cause: string): { readonly lost: number; readonly dead: number } {
    const now = this.store.now();
    const tasks = this.store.workers.heldBy(worker);
    let dead = 0;
    for (const task of tasks) {
      this.store.counters.count("lost");
      this.store.notifyHolder(task, "lost");
      const error: ErrorSummary = { name: "WorkerLostError", message: `worker lost: ${worker}, ${cause}` };
      recordAttempt(task, "lost", now, error);
      task.lastError = error;
      task.crashes += 1;
      const verdict = verdictOfLoss(soFar(task), this.#options.maxCrashes);
      if (this.store.follow(task, verdict, now, 0, "recovered") === "dead") dead += 1;
    }
    this.store.workers.remove(worker);
    return { lost: tasks.length, dead };
  }

  recover(holding: Holding | undefined): RecoverReport {
    const promoted = this.promote();
    const now = this.store.now();
    let lost = 0;
    let dead = 0;
    for (const worker of this.store.workers.expired(now)) {
      const taken = this.takeBack(worker, "its lease ran out");
      lost += taken.lost;
      dead += taken.dead;
    }
    const forgotten = this.#forgotten(holding, now);
    for (const task of forgotten) this.#forget(task, now);
    const abandoned = [...this.store.tasks.values()].filter(
      (task) =>
        task.state === "processing" && (task.claimedAt ?? now) + task.timeoutMs + ABANDONED_AFTER_MS <= now,
    );
    // In the order of their claims, as Redis finds them.
    abandoned.sort((a, b) => Number(a.token) - Number(b.token));
    for (const task of abandoned) if (this.#timeOut(task, now) === "dead") dead += 1;
    const nextLeaseMs = this.store.workers.nextLeaseMs(now);
    return {
      lost,
      timedOut: abandoned.length,
      dead,
      promoted,
      expired: this.store.expire(now),
      forgotten: forgotten.length,
      ...(nextLeaseMs === undefined ? {} : { nextLeaseMs }),
    };
  }

  /** What the worker was to hold, and does not. Here only a claim that failed half way can do that. */
  #forgotten(holding: Holding | undefined, now: number): MemoryTask[] {
    const asked = this.#recoveredAt;
    this.#recoveredAt = now;
    if (holding === undefined || asked === undefined) return [];
    const until = asked - forgottenAfterMs(this.#options);
    const last = Number(holding.lastToken ?? Number.POSITIVE_INFINITY);
    const held = new Set(holding.claims.map(({ id, token }) => `${id} ${token}`));
    return this.store.workers
      .heldBy(holding.worker)
      .filter(
        ({ id, token, claimedAt = now }) =>
          claimedAt <= until && Number(token) <= last && !held.has(`${id} ${token}`),
      );
  }

  #forget(task: MemoryTask, now: number): void {
    this.store.notifyHolder(task, "lost");
    const error: ErrorSummary = {
      name: "ForgottenError",
      message: `not in the hands of ${task.worker} any more, and Redis knows of no outcome`,
    };
    task.settledAs = `release ${task.token}`;
    this.#release(task, 0, now, error);
  }

  #grant(task: MemoryTask, worker: string, now: number, solo: boolean): Grant {
    this.#fence += 1;
    this.store.counters.waited(now - task.dueAt, now);
    task.state = "processing";
    task.attempt += 1;
    task.claimedAt = now;
    task.worker = worker;
    task.token = String(this.#fence);
    task.solo = solo;
    delete task.progress;
    this.store.workers.hold(worker, task);
    this.store.publish("claimed", task, now);
    const { id, token, payload, attempt, maxRetries, crashes, timeoutMs, addedAt, trace } = task;
    return { id, token, payload, attempt, maxRetries, crashes, timeoutMs, addedAt, trace, solo };
  }

  #complete(task: MemoryTask, result: string | undefined, now: number): void {
    if (result !== undefined) task.result = result;
    this.store.counters.ended("completed", now - (task.claimedAt ?? now), now);
    this.store.finish(task, "completed", now);
  }

  #fail(task: MemoryTask, failure: Settlement & { kind: "fail" }, now: number): void {
    const error = JSON.parse(failure.error) as ErrorSummary;
    this.store.counters.ended("failed", now - (task.claimedAt ?? now), now);
    const verdict = verdictOfFailure(soFar(task), failure.outcome, failure.deadReason);
    recordAttempt(task, verdict.to === "cancelled" ? "cancelled" : failure.outcome, now, error);
    task.lastError = error;
    if (verdict.to === "again") this.store.counters.count("retried");
    this.store.follow(task, verdict, now, failure.delayMs, "retried");
  }

  #release(task: MemoryTask, delayMs: number, now: number, error?: ErrorSummary): void {
    recordAttempt(task, "released", now, error);
    this.store.counters.count("released");
    task.attempt -= 1;
    if (task.cancelRequested === true) this.store.finish(task, "cancelled", now);
    else this.store.putBack(task, now, delayMs, "released", "front");
  }

  #timeOut(task: MemoryTask, now: number): TaskState {
    const error: ErrorSummary = {
      name: "TimeoutError",
      message: `no outcome within ${task.timeoutMs} ms from worker ${task.worker ?? ""}`,
    };
    this.store.notifyHolder(task, "lost");
    this.store.counters.ended("failed", now - (task.claimedAt ?? now), now);
    const verdict = verdictOfFailure(soFar(task), "timeout", undefined);
    recordAttempt(task, verdict.to === "cancelled" ? "cancelled" : "timeout", now, error);
    task.lastError = error;
    return this.store.follow(
      task,
      verdict,
      now,
      this.#options.backoff(task.attempt - task.crashes),
      "recovered",
    );
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
