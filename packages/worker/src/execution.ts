import type { Logger, RosterMember } from "@imgq/core";
import type { Claim, Queue } from "@imgq/queue";
import type { TaskInHand } from "@imgq/registry";
import { classify, type Ending } from "./classify.ts";
import { LeaseLostError, TaskTimeoutError } from "./errors.ts";
import type { Handler, TaskInfo } from "./handler.ts";
import { ExecutionContext } from "./handler-context.ts";
import type { Outcome } from "./outcome.ts";
import { ProgressReporter } from "./progress-reporter.ts";

export interface ExecutionOptions<P, R> {
  readonly queue: Pick<Queue<P, R>, "progress">;
  readonly handler: Handler<P, R>;
  readonly log: Logger;
  /** Milliseconds a handler may go on after its signal aborted. */
  readonly abortGraceMs: number;
  /** Called once, when the handler has ended or is no longer waited for. */
  readonly onEnd: (execution: Execution<P, R>, outcome: Outcome<R>) => void;
}

/**
 * One run of one task, from the start of its handler to an {@link Outcome}. Aborting is the only way to hurry it. What many
 * handlers never ask for is made when they do: with short tasks every object counts.
 */
export class Execution<P = unknown, R = unknown> implements RosterMember {
  place = -1;
  readonly claim: Claim<P>;
  /** Bytes it was thought to need; 0 when unknown. */
  readonly weightBytes: number;
  readonly #options: ExecutionOptions<P, R>;
  /** Monotonic instant at which its handler was called. */
  #startedAt = Number.POSITIVE_INFINITY;
  #controller: AbortController | undefined;
  #abortReason: Error | undefined;
  #progress: ProgressReporter | undefined;
  #grace: NodeJS.Timeout | undefined;
  #ended = false;
  #abandonedAt: number | undefined;
  #handlerEnded: Promise<void> | undefined;

  constructor(claim: Claim<P>, weightBytes: number, options: ExecutionOptions<P, R>) {
    this.claim = claim;
    this.weightBytes = weightBytes;
    this.#options = options;
  }

  get task(): TaskInfo {
    return taskInfo(this.claim);
  }

  /** Milliseconds since its handler was called; 0 before. */
  get elapsedMs(): number {
    return Math.max(0, performance.now() - this.#startedAt);
  }

  /** Monotonic instant at which its time is up; infinite while it has not started, and once its signal aborted. */
  get deadline(): number {
    return this.#abortReason === undefined
      ? this.#startedAt + this.claim.timeoutMs
      : Number.POSITIVE_INFINITY;
  }

  /** Whether the handler went on after its signal aborted, and is no longer waited for. */
  get abandoned(): boolean {
    return this.#abandonedAt !== undefined;
  }

  /** Milliseconds since it is no longer waited for. */
  get abandonedMs(): number {
    return this.#abandonedAt === undefined ? 0 : performance.now() - this.#abandonedAt;
  }

  /** Resolves when the handler has ended, be it long after it was given up. */
  get handlerEnded(): Promise<void> {
    return this.#handlerEnded ?? Promise.resolve();
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  get log(): Logger {
    const { id, queue, attempt } = this.claim;
    return this.#options.log.child({ taskId: id, queue, attempt });
  }

  progress(fraction: number, note: string | undefined): void {
    this.#progress ??= this.#createProgress();
    this.#progress.report(fraction, note);
  }

  inHand(): TaskInHand {
    const { id, queue, attempt } = this.claim;
    return { id, queue, attempt, elapsedMs: Math.round(this.elapsedMs) };
  }

  /** Calls the handler, at this instant of the monotonic clock. Not `async`: one promise beside the handler's is enough. */
  start(now: number): void {
    if (this.#ended) return;
    this.#startedAt = now;
    this.#handlerEnded = this.#call().then(
      (result) => this.#end({ kind: "resolved", result }),
      (error: unknown) => this.#end({ kind: "rejected", error }),
    );
  }

  /** Its time is up. */
  timeOut(): void {
    const { id, timeoutMs } = this.claim;
    this.abort(new TaskTimeoutError(id, timeoutMs));
  }

  /** Aborts the handler's signal; from then on it has `abortGraceMs` to end. Only the first reason counts. */
  abort(reason: Error): void {
    if (this.#abortReason !== undefined || this.#ended) return;
    this.#abortReason = reason;
    this.#grace = setTimeout(() => this.abandon(), this.#options.abortGraceMs);
    this.#controller?.abort(reason);
  }

  /** Waits for the handler no longer. */
  abandon(): void {
    if (this.#ended) return;
    this.#abandonedAt = performance.now();
    this.#end({ kind: "ignored" });
  }

  /** A handler in JavaScript may throw at once, or return what is no promise. */
  #call(): Promise<R> {
    try {
      return Promise.resolve(this.#options.handler(this.claim.payload, new ExecutionContext(this)));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #end(ending: Ending<R>): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#grace);
    this.#progress?.end();
    this.#options.onEnd(this, classify(ending, this.#abortReason));
  }

  #createProgress(): ProgressReporter {
    const { claim } = this;
    return new ProgressReporter({
      send: (progress) => this.#options.queue.progress(claim, progress),
      onLeaseLost: () => this.abort(new LeaseLostError(claim.id)),
      log: this.log,
    });
  }
}

/** A claim without what concerns only those who keep it. */
export function taskInfo(claim: Claim): TaskInfo {
  const { id, queue, attempt, maxRetries, crashes, timeoutMs, addedAt, worker, trace } = claim;
  const task = { id, queue, attempt, maxRetries, crashes, timeoutMs, addedAt, worker };
  return trace === undefined ? task : { ...task, trace };
}
