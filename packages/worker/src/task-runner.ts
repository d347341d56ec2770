import { Deadlines, Roster } from "@imgq/core";
import type { Claim, ClaimReference, Holding } from "@imgq/queue";
import type { TaskInHand } from "@imgq/registry";
import type { Memory } from "./admission.ts";
import type { Room } from "./claimer.ts";
import type { Emitter } from "./emitter.ts";
import { LeaseLostError, TaskCancelledError, WorkerStoppingError } from "./errors.ts";
import { Execution, type ExecutionOptions } from "./execution.ts";
import { Hand, isSame } from "./hand.ts";
import type { ResolvedWorkerOptions } from "./options.ts";
import type { Outcome } from "./outcome.ts";
import { Pace } from "./pace.ts";
import { type Settlement, Settler } from "./settler.ts";
import { Starter } from "./starter.ts";
import type { Tally } from "./tally.ts";
import { type Conclusion, TaskReporter } from "./task-reporter.ts";
import type { WorkerEvents } from "./worker-events.ts";

/** How many times `claimAheadMs` a task may really wait for a slot. */
const OVERDUE_TIMES = 4;

export interface TaskRunnerOptions<P, R> {
  readonly worker: ResolvedWorkerOptions<P, R>;
  readonly emitter: Emitter<WorkerEvents>;
  readonly memory: () => Memory;
  /** Tasks that may run at a time. */
  readonly slots: () => number;
  /** A slot becomes free in this turn of the loop. Called before the task's outcome is sent. */
  readonly onRoom: () => void;
}

/** Takes claims through their life here: start, run, classify, settle, report. */
export class TaskRunner<P, R> {
  readonly #options: TaskRunnerOptions<P, R>;
  readonly #hand: Hand<P, R>;
  readonly #settler: Settler<P, R, Conclusion<P, R>>;
  readonly #reporter: TaskReporter<P, R>;
  readonly #pace: Pace;
  readonly #execution: ExecutionOptions<P, R>;
  readonly #starter: Starter<P, R>;
  readonly #deadlines: Deadlines;
  readonly #whenIdle = new Set<() => void>();
  /** Handlers that were given up and still go on. */
  readonly #hanging = new Set<Execution<P, R>>();
  readonly #concluding = new Roster<Conclusion<P, R>>();
  /** Claims whose outcome Redis refused for good. They stay with this worker until their timeout: running one again would end the same way. */
  readonly #refused = new Set<Claim<P>>();
  #lastToken: string | undefined;
  #overdue: NodeJS.Timeout | undefined;

  constructor(options: TaskRunnerOptions<P, R>) {
    this.#options = options;
    const { queue, handler, log, abortGraceMs, claimAheadMs } = options.worker;
    this.#settler = new Settler(queue, (conclusion, settlement) => this.#close(conclusion, settlement), log);
    this.#reporter = new TaskReporter(log, options.emitter);
    this.#pace = new Pace(claimAheadMs);
    this.#execution = {
      queue,
      handler,
      log,
      abortGraceMs,
      onEnd: (execution, outcome) => this.#onEnd(execution, outcome),
    };
    this.#deadlines = new Deadlines(() => this.#hand.executions);
    this.#starter = new Starter((execution, now) => this.#start(execution, now));
    this.#hand = new Hand({
      slots: options.slots,
      ahead: () => this.#pace.ahead(options.slots()),
      weigh: options.worker.weigh,
      memory: options.memory,
      begin: (claim, weightBytes) => this.#begin(claim, weightBytes),
    });
  }

  get busySlots(): number {
    return this.#hand.running;
  }

  get tally(): Tally {
    return this.#reporter.tally;
  }

  get lastError(): string | undefined {
    return this.#reporter.lastError;
  }

  /** How many tasks could be taken now. None while Redis takes no outcomes: more of them would only pile up. */
  room(): Room {
    return this.#settler.inTrouble ? { slots: 0, ahead: 0 } : this.#hand.room();
  }

  /** Claims have arrived, whether or not they will run here. */
  receive(claims: readonly Claim<P>[]): void {
    this.#lastToken = claims.at(-1)?.token ?? this.#lastToken;
  }

  /** Starts claims that were received, as soon as they may. */
  take(claims: readonly Claim<P>[]): void {
    this.#starter.expect(claims.length);
    this.#hand.add(claims);
    this.#watchWaiting();
  }

  /** What Redis should think it holds, at this instant. */
  holding(): Pick<Holding, "claims" | "lastToken"> {
    const claims: ClaimReference[] = [...this.#hand.claims, ...this.#refused];
    for (const { claim } of this.#concluding.members()) claims.push(claim);
    return { claims, lastToken: this.#lastToken };
  }

  /** There may be memory for what waits. */
  startWaiting(): void {
    this.#hand.startWaiting();
  }

  /** The tasks that run, those begun first before the others. */
  tasks(limit: number = Number.POSITIVE_INFINITY): TaskInHand[] {
    const executions = this.#hand.executions.sort((a, b) => b.elapsedMs - a.elapsedMs);
    return executions.slice(0, limit).map((execution) => execution.inHand());
  }

  longestTimeoutMs(): number {
    let longestMs = 0;
    for (const { timeoutMs } of this.#hand.claims) longestMs = Math.max(longestMs, timeoutMs);
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
    for (const claim of this.#hand.takeWaiting(reference)) this.#conclude(claim, { kind: "lost" });
    for (const claim of this.#refused) if (isSame(claim, reference)) this.#refused.delete(claim);
  }

  cancelled(reference: ClaimReference): void {
    const error = new TaskCancelledError(reference.id);
    this.#hand.find(reference)?.abort(error);
    for (const claim of this.#hand.takeWaiting(reference))
      this.#conclude(claim, { kind: "cancelled", error });
  }

  cancelById(queue: string, id: string): void {
    for (const claim of this.#hand.claims) {
      if (claim.id === id && claim.queue === queue) this.cancelled(claim);
    }
  }

  /** Gives back claims that have not begun: those given, or all that wait. */
  release(claims: readonly Claim<P>[] = this.#hand.takeWaiting()): void {
    for (const claim of claims) this.#conclude(claim, { kind: "released" });
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
    for (const conclusion of this.#concluding.members()) this.#close(conclusion, "given-up");
  }

  /** Resolves when every task has ended and its outcome is told. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isIdle()) resolve();
      else this.#whenIdle.add(resolve);
    });
  }

  #begin(claim: Claim<P>, weightBytes: number): Execution<P, R> {
    const execution = new Execution(claim, weightBytes, this.#execution);
    this.#starter.add(execution);
    return execution;
  }

  #start(execution: Execution<P, R>, now: number): void {
    const { emitter } = this.#options;
    if (emitter.hears("task:started")) emitter.emit("task:started", { task: execution.task });
    execution.start(now);
    this.#deadlines.expect(execution.deadline);
  }

  #onEnd(execution: Execution<P, R>, outcome: Outcome<R>): void {
    const { claim, elapsedMs } = execution;
    if (execution.abandoned) this.#noteAbandoned(execution);
    this.#pace.note(elapsedMs);
    this.#hand.remove(execution);
    this.#options.onRoom();
    this.#conclude(claim, outcome, elapsedMs);
  }

  /** Tells Redis how a task ended. One that never ran has no time. */
  #conclude(claim: Claim<P>, outcome: Outcome<R>, elapsedMs = 0): void {
    const conclusion = { place: -1, claim, outcome, elapsedMs };
    this.#concluding.add(conclusion);
    this.#settler.settle(conclusion);
  }

  #close(conclusion: Conclusion<P, R>, settlement: Settlement): void {
    // Once only: a reply may still come after it was given up.
    if (!this.#concluding.delete(conclusion)) return;
    if (settlement === "given-up") this.#refused.add(conclusion.claim);
    this.#reporter.report(conclusion, settlement);
    if (!this.#isIdle()) return;
    for (const resolve of this.#whenIdle) resolve();
    this.#whenIdle.clear();
    // Trouble with Redis is over, if there was any.
    this.#options.onRoom();
  }

  #isIdle(): boolean {
    return this.#concluding.size === 0 && this.#hand.running === 0;
  }

  /** What was claimed ahead goes back when it waits too long: others may have a slot for it. */
  #watchWaiting(): void {
    if (this.#overdue !== undefined || this.#hand.waitedMs === 0) return;
    const overdueMs = OVERDUE_TIMES * this.#options.worker.claimAheadMs;
    this.#overdue = setTimeout(() => {
      this.#overdue = undefined;
      if (this.#hand.waitedMs >= overdueMs) {
        this.#pace.stumble();
        this.release();
      }
      this.#watchWaiting();
    }, overdueMs);
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
}
