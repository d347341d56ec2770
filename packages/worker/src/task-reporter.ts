import { type Logger, type RosterMember, summarizeError } from "@imgq/core";
import type { Claim } from "@imgq/queue";
import type { Emitter } from "./emitter.ts";
import { taskInfo } from "./execution.ts";
import type { Outcome } from "./outcome.ts";
import type { EndedTask, Settlement } from "./settler.ts";
import { Tally } from "./tally.ts";
import type { TaskSettled, WorkerEvents } from "./worker-events.ts";

/** A task that has ended here, until Redis knows it. */
export interface Conclusion<P, R> extends EndedTask<P, R>, RosterMember {
  /** Milliseconds that it ran; 0 when it never did. */
  readonly elapsedMs: number;
}

/** Tells of tasks that have ended, once each: counts them, logs them, emits `task:settled`. */
export class TaskReporter<P, R> {
  readonly tally: Tally = new Tally();
  readonly #log: Logger;
  readonly #emitter: Emitter<WorkerEvents>;
  #lastError: string | undefined;

  constructor(log: Logger, emitter: Emitter<WorkerEvents>) {
    this.#log = log;
    this.#emitter = emitter;
  }

  get lastError(): string | undefined {
    return this.#lastError;
  }

  report(conclusion: Conclusion<P, R>, settlement: Settlement): void {
    const settled = describe(conclusion, settlement);
    this.#count(settled, conclusion.outcome);
    this.#write(settled);
    this.#emitter.emit("task:settled", settled);
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

  #write({ task, outcome, willRetry, runMs, error }: TaskSettled): void {
    const log = this.#log;
    const { id: taskId, queue, attempt } = task;
    const fields = { taskId, queue, attempt, runMs, outcome };
    if (outcome === "failed" || outcome === "timeout")
      log.warn("Task failed", { ...fields, willRetry, error });
    else if (outcome === "lost") log.warn("Result refused, another worker has the task", fields);
    else if (outcome === "unsettled") log.error("Outcome could not be told", fields);
    else log.debug("Task ended", fields);
  }
}

function describe<P, R>(
  { claim, outcome, elapsedMs }: Conclusion<P, R>,
  settlement: Settlement,
): TaskSettled {
  const task = taskInfo(claim);
  const runMs = Math.round(elapsedMs);
  const kind = settlement === "ok" ? outcome.kind : settlement === "given-up" ? "unsettled" : "lost";
  if (outcome.kind !== "failed" && outcome.kind !== "timeout") {
    return { task, outcome: kind, willRetry: false, runMs };
  }
  const forbidden = outcome.kind === "failed" && outcome.deadReason !== undefined;
  const willRetry = settlement === "ok" && !forbidden && retriesLeft(claim);
  return { task, outcome: kind, willRetry, runMs, error: summarizeError(outcome.error) };
}

/** Attempts that ended with their worker do not count. */
function retriesLeft({ attempt, crashes, maxRetries }: Claim): boolean {
  return attempt - crashes <= maxRetries;
}
