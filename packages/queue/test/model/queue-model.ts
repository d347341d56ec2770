import type { DeadReason, Priority, TaskState } from "../../src/index.ts";

/** A task as the rules see it. */
export interface ModelTask {
  readonly id: string;
  readonly priority: Priority;
  readonly maxRetries: number;
  readonly timeoutMs: number;
  readonly dedupe: string | undefined;
  readonly addedAt: number;
  /** Whether adds with its dedupe key lead to it: from its add to its end, and after a redrive if no other has the key. */
  dedupes: boolean;
  state: TaskState;
  attempt: number;
  crashes: number;
  dueAt: number;
  claimedAt: number;
  finishedAt: number | undefined;
  worker: string | undefined;
  /** Number of the claim that holds it; undefined when nobody does. */
  holder: number | undefined;
  /** The claim that was settled last, and how: saying so again is answered like the first time. */
  settled: { readonly claim: number; readonly kind: SettleKind } | undefined;
  solo: boolean;
  cancelRequestedAt: number | undefined;
  deadReason: DeadReason | undefined;
  result: unknown;
}

export type SettleKind = "complete" | "fail" | "release";

export interface ModelOptions {
  readonly maxCrashes: number;
  readonly retention: { readonly maxCount: number; readonly maxAgeMs: number };
  readonly backoff: (retry: number) => number;
}

const abandonedAfterMs = 30_000;
/** How long each beat tells of a cancellation. */
export const toldForMs = 30_000;

/**
 * The rules of the queue in their plainest form: one map of tasks, loops instead of indexes, claims numbered instead of
 * fenced by tokens. Written from the design, not from the brokers; where the rules leave a choice (which pending task is
 * claimed first) the brokers choose, and `claimed` says whether the choice was allowed.
 */
export class QueueModel {
  readonly tasks = new Map<string, ModelTask>();
  readonly leases = new Map<string, number>();
  paused = false;
  readonly #options: ModelOptions;
  #claims = 0;
  #lastBeat: { readonly at: number; readonly leaseMs: number } | undefined;
  #graceUntil = 0;

  constructor(options: ModelOptions) {
    this.#options = options;
  }

  inState(state: TaskState): ModelTask[] {
    return [...this.tasks.values()].filter((task) => task.state === state);
  }

  /** In the order of their ends; those of one millisecond in the order of their ids. */
  ended(state: "completed" | "dead" | "cancelled"): ModelTask[] {
    return this.inState(state).sort(
      (a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0) || (a.id < b.id ? -1 : 1),
    );
  }

  heldBy(worker: string): ModelTask[] {
    return this.inState("processing").filter((task) => task.worker === worker);
  }

  /** Returns the id that `add` must return. */
  add(
    task: Pick<ModelTask, "id" | "priority" | "maxRetries" | "timeoutMs" | "dedupe">,
    delayMs: number,
    now: number,
  ): string {
    if (this.tasks.has(task.id)) return task.id;
    const same = this.#sameAs(task.dedupe);
    if (same !== undefined) return same.id;
    this.tasks.set(task.id, {
      ...task,
      addedAt: now,
      dedupes: task.dedupe !== undefined,
      state: delayMs > 0 ? "scheduled" : "pending",
      attempt: 0,
      crashes: 0,
      dueAt: now + delayMs,
      claimedAt: 0,
      finishedAt: undefined,
      worker: undefined,
      holder: undefined,
      settled: undefined,
      solo: false,
      cancelRequestedAt: undefined,
      deadReason: undefined,
      result: undefined,
    });
    return task.id;
  }

  promote(now: number): number {
    const due = this.inState("scheduled").filter((task) => task.dueAt <= now);
    for (const task of due) task.state = "pending";
    return due.length;
  }

  /** What a claim may be given: how many plain tasks, or one that must run alone. */
  claimable(worker: string, { limit, ahead, leaseMs, now }: ClaimAsked): ClaimRule {
    this.promote(now);
    if ((this.leases.get(worker) ?? 0) <= now) this.leases.set(worker, now + leaseMs);
    const held = this.heldBy(worker);
    if (this.paused || held.some((task) => task.solo)) return { solo: false, least: 0, most: 0 };
    const pending = this.inState("pending");
    const suspects = pending.filter((task) => task.crashes > 0);
    const plain = Math.min(limit, pending.length - suspects.length);
    if (suspects.length === 0) {
      const taken = plain + Math.min(ahead, Math.floor((pending.length - plain) / 2));
      return { solo: false, least: taken, most: taken };
    }
    // A suspect runs alone; a worker that is busy may be made to finish first, so that it becomes free for one.
    return held.length === 0 ? { solo: true, least: 1, most: 1 } : { solo: false, least: 0, most: plain };
  }

  /** A broker gave this task to a worker. Returns the number of the claim. */
  claimed(task: ModelTask, worker: string, solo: boolean, now: number): number {
    this.#claims += 1;
    task.state = "processing";
    task.attempt += 1;
    task.claimedAt = now;
    task.worker = worker;
    task.holder = this.#claims;
    task.solo = solo;
    return this.#claims;
  }

  /** Returns whether the settle must be accepted. Only the holder may, and it may repeat itself. Promote afterwards. */
  settle(id: string, claim: number, kind: SettleKind): "apply" | "repeat" | "refuse" {
    const task = this.tasks.get(id);
    if (task === undefined) return "refuse";
    if (task.holder === claim) return "apply";
    return task.settled?.claim === claim && task.settled.kind === kind ? "repeat" : "refuse";
  }

  complete(task: ModelTask, result: unknown, now: number): void {
    this.#settled(task, "complete");
    task.result = result;
    this.#finish(task, "completed", now);
  }

  fail(
    task: ModelTask,
    outcome: "failed" | "timeout",
    deadReason: DeadReason | undefined,
    now: number,
  ): void {
    const retry = task.attempt - task.crashes;
    this.#settled(task, "fail");
    this.#afterFailure(task, outcome, deadReason, this.#options.backoff(retry), now);
  }

  release(task: ModelTask, delayMs: number, now: number): void {
    this.#settled(task, "release");
    task.attempt -= 1;
    if (task.cancelRequestedAt !== undefined) this.#finish(task, "cancelled", now);
    else this.#again(task, delayMs, now);
  }

  beat(worker: string, leaseMs: number, now: number): void {
    if (this.#everybodyIsSilent(now)) this.#graceUntil = now + leaseMs;
    this.#lastBeat = { at: now, leaseMs };
    this.leases.set(worker, Math.max(this.leases.get(worker) ?? 0, now + leaseMs));
  }

  workerLost(worker: string, now: number): number {
    const held = this.heldBy(worker);
    for (const task of held) {
      task.crashes += 1;
      if (task.cancelRequestedAt !== undefined) this.#finish(task, "cancelled", now);
      else if (task.crashes > this.#options.maxCrashes) this.#finish(task, "dead", now, "crash-loop");
      else this.#again(task, 0, now);
    }
    this.leases.delete(worker);
    return held.length;
  }

  workerLeft(worker: string): void {
    if (this.heldBy(worker).length === 0) this.leases.delete(worker);
  }

  recover(now: number): { lost: number; timedOut: number; promoted: number } {
    const promoted = this.promote(now);
    const mayCountOut = !this.#everybodyIsSilent(now) && now >= this.#graceUntil;
    const gone = [...this.leases]
      .filter(([, until]) => mayCountOut && until <= now)
      .map(([worker]) => worker);
    const lost = gone.reduce((sum, worker) => sum + this.workerLost(worker, now), 0);
    const abandoned = this.inState("processing").filter(
      (task) => task.claimedAt + task.timeoutMs + abandonedAfterMs <= now,
    );
    for (const task of abandoned) {
      const retry = task.attempt - task.crashes;
      this.#afterFailure(task, "timeout", undefined, this.#options.backoff(retry), now);
    }
    for (const task of [...this.inState("completed"), ...this.inState("cancelled")]) {
      if ((task.finishedAt ?? now) <= now - this.#options.retention.maxAgeMs) this.tasks.delete(task.id);
    }
    return { lost, timedOut: abandoned.length, promoted };
  }

  cancel(id: string, now: number): "cancelled" | "requested" | "finished" | "not-found" {
    const task = this.tasks.get(id);
    if (task === undefined) return "not-found";
    if (isFinished(task.state)) return "finished";
    if (task.state === "processing") {
      task.cancelRequestedAt ??= now;
      return "requested";
    }
    this.#finish(task, "cancelled", now);
    return "cancelled";
  }

  redrive(id: string, delayMs: number, now: number): boolean {
    const task = this.tasks.get(id);
    if (task?.state !== "dead") return false;
    task.dedupes = task.dedupe !== undefined && this.#sameAs(task.dedupe) === undefined;
    task.attempt = 0;
    task.crashes = 0;
    task.deadReason = undefined;
    task.finishedAt = undefined;
    this.#again(task, delayMs, now);
    return true;
  }

  purge(state: TaskState, olderThanMs: number, now: number): number {
    const old = this.inState(state).filter((task) => (task.finishedAt ?? task.addedAt) <= now - olderThanMs);
    for (const task of old) this.tasks.delete(task.id);
    return old.length;
  }

  #sameAs(dedupe: string | undefined): ModelTask | undefined {
    return [...this.tasks.values()].find((task) => task.dedupes && task.dedupe === dedupe);
  }

  #settled(task: ModelTask, kind: SettleKind): void {
    if (task.holder !== undefined) task.settled = { claim: task.holder, kind };
  }

  #afterFailure(
    task: ModelTask,
    outcome: "failed" | "timeout",
    deadReason: DeadReason | undefined,
    delayMs: number,
    now: number,
  ): void {
    // An attempt that ended with its worker is counted in `crashes`, and spends no retry.
    const retriesLeft = task.attempt - task.crashes <= task.maxRetries;
    if (task.cancelRequestedAt !== undefined) this.#finish(task, "cancelled", now);
    else if (deadReason !== undefined) this.#finish(task, "dead", now, deadReason);
    else if (retriesLeft) this.#again(task, delayMs, now);
    else this.#finish(task, "dead", now, outcome === "timeout" ? "timeout" : "exhausted");
  }

  #again(task: ModelTask, delayMs: number, now: number): void {
    this.#letGo(task);
    task.dueAt = now + delayMs;
    task.state = delayMs > 0 ? "scheduled" : "pending";
  }

  #finish(
    task: ModelTask,
    state: "completed" | "dead" | "cancelled",
    now: number,
    reason?: DeadReason,
  ): void {
    this.#letGo(task);
    task.dedupes = false;
    task.state = state;
    task.finishedAt = now;
    task.deadReason = reason;
    if (state === "dead") return;
    const kept = this.ended(state);
    for (const old of kept.slice(0, Math.max(0, kept.length - this.#options.retention.maxCount))) {
      this.tasks.delete(old.id);
    }
  }

  #letGo(task: ModelTask): void {
    task.holder = undefined;
    task.solo = false;
    task.cancelRequestedAt = undefined;
  }

  /** Redis was away, or nobody works: no sign that a particular worker is dead. */
  #everybodyIsSilent(now: number): boolean {
    return this.#lastBeat !== undefined && now - this.#lastBeat.at > this.#lastBeat.leaseMs;
  }
}

export interface ClaimAsked {
  readonly limit: number;
  readonly ahead: number;
  readonly leaseMs: number;
  readonly now: number;
}

export interface ClaimRule {
  readonly solo: boolean;
  readonly least: number;
  readonly most: number;
}

function isFinished(state: TaskState): boolean {
  return state === "completed" || state === "dead" || state === "cancelled";
}
