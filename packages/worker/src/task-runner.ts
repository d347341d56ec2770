import { summarizeError } from "@imgq/core";
import type { Claim, ClaimReference, Holding } from "@imgq/queue";
import type { TaskInHand } from "@imgq/registry";
import type { Memory } from "./admission.ts";
import type { Emitter } from "./emitter.ts";
import { LeaseLostError, TaskCancelledError, WorkerStoppingError } from "./errors.ts";
import { Execution, taskInfo } from "./execution.ts";
import { Hand, isSame } from "./hand.ts";
import type { ResolvedWorkerOptions } from "./options.ts";
import type { Outcome } from "./outcome.ts";
import { type Settlement, Settler } from "./settler.ts";
import { Tally } from "./tally.ts";
import type { TaskSettled, WorkerEvents } from "./worker-events.ts";

export interface TaskRunnerOptions<P, R> {
  readonly worker: ResolvedWorkerOptions<P, R>;
  readonly emitter: Emitter<WorkerEvents>;
  readonly memory: () => Memory;
  /** A slot becomes free in this turn of the loop. Called before the task's outcome is sent. */
  readonly onRoom: () => void;
}

/** Takes claims through their life here: start, run, classify, settle, report. */
export class TaskRunner<P, R> {
  readonly tally: Tally = new Tally();
  readonly #options: TaskRunnerOptions<P, R>;
  readonly #hand: Hand<P, R>;
  readonly #settler: Settler<P, R>;
  readonly #whenIdle = new Set<() => void>();
  /** Handlers that were given up and still go on. */
  readonly #hanging = new Set<Execution<P, R>>();
  /** Claims whose outcome Redis has not acknowledged. */
  readonly #held = new Set<Claim<P>>();
  #lastToken: string | undefined;
  #open = 0;
  #lastError: string | undefined;

  constructor(options: TaskRunnerOptions<P, R>) {
    this.#options = options;
    this.#settler = new Settler(options.worker.queue, options.worker.log);
    this.#hand = new Hand({
      weigh: options.worker.weigh,
      memory: options.memory,
      begin: (claim) => this.#begin(claim),
    });
  }

  get busySlots(): number {
    return this.#hand.running;
  }

  get lastError(): string | undefined {
    return this.#lastError;
  }

  /** How many tasks could be started now. None while Redis takes no outcomes: more of them would only pile up. */
  room(slots: number): number {
    return this.#settler.inTrouble ? 0 : this.#hand.room(slots);
  }

  /** Claims have arrived, whether or not they will run here. */
  receive(claims: readonly Claim<P>[]): void {
    for (const claim of claims) this.#held.add(claim);
    this.#lastToken = claims.at(-1)?.token ?? this.#lastToken;
  }

  /** Starts claims that were received, as soon as they may. */
  take(claims: readonly Claim<P>[]): void {
    this.#hand.add(claims);
  }

  /** What Redis should think it holds, at this instant. */
  holding(): Pick<Holding, "claims" | "lastToken"> {
    return { claims: [...this.#held], lastToken: this.#lastToken };
  }

  /** There may be memory for what waits. */
  startWaiting(): void {
    this.#hand.startWaiting();
  }

  /** The tasks that run, those begun first before the others. */
  tasks(limit: number = Number.POSITIVE_INFINITY): TaskInHand[] {
    const tasks: TaskInHand[] = [];
    for (const execution of this.#hand.executions) {
      if (tasks.length >= limit) break;
      tasks.push(execution.inHand());
    }
    return tasks;
  }

  longestTimeoutMs(): number {
    let longestMs = 0;
    for (const { claim } of this.#hand.executions) longestMs = Math.max(longestMs, claim.timeoutMs);
    return longestMs;
  }

  /** Milliseconds that the oldest handler has gone on since it was given up; 0 without one. */
  hangingMs(): number {
    let longestMs = 0;
    for (const execution of this.#hanging) longestMs = Math.max(longestMs, execution.abandonedMs);
    return Math.round(longestMs);
  }

  /** Another worker has the task: nothing of it must be done or told here any more. */
  lost(reference: ClaimReference): void {
    this.#hand.find(reference)?.abort(new LeaseLostError(reference.id));
    for (const claim of this.#hand.takeWaiting(reference)) this.#report(claim, { kind: "lost" }, "ok", 0);
    for (const claim of this.#held) if (isSame(claim, reference)) this.#held.delete(claim);
  }

  cancelled(reference: ClaimReference): void {
    const error = new TaskCancelledError(reference.id);
    this.#hand.find(reference)?.abort(error);
    for (const claim of this.#hand.takeWaiting(reference)) this.#end(claim, { kind: "cancelled", error });
  }

  cancelById(queue: string, id: string): void {
    for (const { claim } of this.#hand.executions) {
      if (claim.id === id && claim.queue === queue) this.cancelled(claim);
    }
  }

  /** Gives back claims that have not begun: those given, or all that wait. */
  release(claims: readonly Claim<P>[] = this.#hand.takeWaiting()): void {
    for (const claim of claims) this.#end(claim, { kind: "released" });
  }

  /** Aborts every handler because the worker stops. `patient` leaves them their grace. */
  abortAll(patient: boolean): void {
    for (const execution of this.#hand.executions) {
      execution.abort(new WorkerStoppingError(execution.claim.id));
      if (!patient) execution.abandon();
    }
  }

  /** Drops the outcomes that Redis has not taken. */
  giveUp(): void {
    this.#settler.giveUp();
  }

  /** Resolves when every task has ended and its outcome is told. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#open === 0) resolve();
      else this.#whenIdle.add(resolve);
    });
  }

  #begin(claim: Claim<P>): Execution<P, R> {
    const { queue, handler, log, abortGraceMs } = this.#options.worker;
    const execution = new Execution({ claim, queue, handler, log, abortGraceMs });
    this.#open += 1;
    // Not before `take` returns: its caller tells what is in hand while no handler blocks the loop yet.
    queueMicrotask(() => void this.#follow(execution));
    return execution;
  }

  async #follow(execution: Execution<P, R>): Promise<void> {
    const { claim } = execution;
    this.#options.emitter.emit("task:started", { task: execution.task });
    const outcome = await execution.run();
    if (execution.abandoned) this.#noteAbandoned(execution);
    this.#hand.remove(execution);
    this.#options.onRoom();
    const settled = this.#settler.settle(claim, outcome);
    this.#report(claim, outcome, await settled, execution.elapsedMs);
    this.#closeOne();
  }

  /** Ends a claim that never ran. */
  #end(claim: Claim<P>, outcome: Outcome<R>): void {
    this.#open += 1;
    void this.#settler.settle(claim, outcome).then((settlement) => {
      this.#report(claim, outcome, settlement, 0);
      this.#closeOne();
    });
  }

  #closeOne(): void {
    this.#open -= 1;
    if (this.#open > 0) return;
    for (const resolve of this.#whenIdle) resolve();
    this.#whenIdle.clear();
    // Trouble with Redis is over, if there was any.
    this.#options.onRoom();
  }

  #noteAbandoned(execution: Execution<P, R>): void {
    this.tally.count("abandoned");
    this.#hanging.add(execution);
    void execution.handlerEnded.then(() => this.#hanging.delete(execution));
    const elapsedMs = Math.round(execution.elapsedMs);
    this.#options.worker.log.warn("The handler ignores its signal, its slot is given to another task", {
      taskId: execution.claim.id,
      elapsedMs,
    });
    this.#options.emitter.emit("task:abandoned", { task: execution.task, elapsedMs });
  }

  #report(claim: Claim<P>, outcome: Outcome<R>, settlement: Settlement, elapsedMs: number): void {
    // What Redis refused for good stays with this worker until its timeout: running it again would end the same way.
    if (settlement !== "given-up") this.#held.delete(claim);
    const settled = describe(claim, outcome, settlement, Math.round(elapsedMs));
    this.#count(settled, outcome);
    this.#log(settled);
    this.#options.emitter.emit("task:settled", settled);
  }

  #count({ outcome: kind, willRetry, error }: TaskSettled, outcome: Outcome<R>): void {
    if (error !== undefined) this.#lastError = `${error.name}: ${error.message}`.slice(0, 500);
    if (kind === "unsettled" || kind === "lost") {
      this.tally.count("lost");
      return;
    }
    if (kind === "later" || kind === "released") {
      this.tally.count("released");
      return;
    }
    this.tally.ended(performance.now());
    if (kind === "completed" || kind === "cancelled") {
      this.tally.count(kind);
      return;
    }
    this.tally.count("failed");
    this.tally.count(willRetry ? "retried" : "dead");
    if (outcome.kind === "timeout") this.tally.count("timedOut");
  }

  #log({ task, outcome, willRetry, runMs, error }: TaskSettled): void {
    const { log } = this.#options.worker;
    const fields = { taskId: task.id, queue: task.queue, attempt: task.attempt, runMs };
    if (outcome === "failed" || outcome === "timeout")
      log.warn("Task failed", { ...fields, willRetry, error });
    else if (outcome === "lost") log.warn("Result refused, another worker has the task", fields);
    else if (outcome === "unsettled") log.error("Outcome could not be told", fields);
    else log.debug("Task ended", { ...fields, outcome });
  }
}

function describe<R>(claim: Claim, outcome: Outcome<R>, settlement: Settlement, runMs: number): TaskSettled {
  const kind =
    settlement === "ok"
      ? outcome.kind
      : settlement === "given-up"
        ? ("unsettled" as const)
        : ("lost" as const);
  const failure = outcome.kind === "failed" || outcome.kind === "timeout" ? outcome : undefined;
  const forbidden = failure?.kind === "failed" && failure.deadReason !== undefined;
  return {
    task: taskInfo(claim),
    outcome: kind,
    willRetry: kind === failure?.kind && !forbidden && retriesLeft(claim),
    runMs,
    ...(failure === undefined ? {} : { error: summarizeError(failure.error) }),
  };
}

/** Attempts that ended with their worker do not count. */
function retriesLeft({ attempt, crashes, maxRetries }: Claim): boolean {
  return attempt - crashes <= maxRetries;
}
