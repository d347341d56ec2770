import type { Logger } from "@imgq/core";
import type { Claim, Queue } from "@imgq/queue";
import type { TaskInHand } from "@imgq/registry";
import { classify, type Ending } from "./classify.ts";
import { LeaseLostError, TaskTimeoutError } from "./errors.ts";
import type { Handler, HandlerContext, TaskInfo } from "./handler.ts";
import type { Outcome } from "./outcome.ts";
import { ProgressReporter } from "./progress-reporter.ts";

export interface ExecutionOptions<P, R> {
  readonly claim: Claim<P>;
  readonly queue: Queue<P, R>;
  readonly handler: Handler<P, R>;
  readonly log: Logger;
  /** Milliseconds a handler may go on after its signal aborted. */
  readonly abortGraceMs: number;
}

/** Longer timers fire at once in Node. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** One run of one task, from the start of its handler to an {@link Outcome}. Aborting is the only way to hurry it. */
export class Execution<P = unknown, R = unknown> {
  readonly claim: Claim<P>;
  readonly task: TaskInfo;
  readonly #options: ExecutionOptions<P, R>;
  readonly #startedAt = performance.now();
  /** Made when the handler asks for its signal: many never do, and an EventTarget is not cheap. */
  #controller: AbortController | undefined;
  #abortReason: Error | undefined;
  #progress: ProgressReporter | undefined;
  #grace: NodeJS.Timeout | undefined;
  #abandon: () => void = () => {};
  #abandonedAt: number | undefined;
  #handlerEnded: Promise<unknown> = Promise.resolve();

  constructor(options: ExecutionOptions<P, R>) {
    this.claim = options.claim;
    this.task = taskInfo(options.claim);
    this.#options = options;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
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
  get handlerEnded(): Promise<unknown> {
    return this.#handlerEnded;
  }

  inHand(): TaskInHand {
    const { id, queue, attempt } = this.claim;
    return { id, queue, attempt, elapsedMs: Math.round(this.elapsedMs) };
  }

  /** Aborts the handler's signal; from then on it has `abortGraceMs` to end. Only the first reason counts. */
  abort(reason: Error): void {
    if (this.#abortReason !== undefined) return;
    this.#abortReason = reason;
    this.#grace = setTimeout(() => this.#abandon(), this.#options.abortGraceMs);
    this.#controller?.abort(reason);
  }

  /** Waits for an aborted handler no longer. */
  abandon(): void {
    this.#abandon();
  }

  /** Runs the handler. Never rejects. */
  async run(): Promise<Outcome<R>> {
    const { id, timeoutMs } = this.claim;
    const timer = setTimeout(
      () => this.abort(new TaskTimeoutError(id, timeoutMs)),
      Math.min(timeoutMs, MAX_TIMER_MS),
    );
    const abandoned = new Promise<Ending<R>>((resolve) => {
      this.#abandon = (): void => resolve({ kind: "ignored" });
    });
    const handled = this.#handle();
    this.#handlerEnded = handled;
    const ending = await Promise.race([handled, abandoned]);
    clearTimeout(timer);
    clearTimeout(this.#grace);
    this.#progress?.end();
    if (ending.kind === "ignored") this.#abandonedAt = performance.now();
    return classify(ending, this.#abortReason);
  }

  async #handle(): Promise<Ending<R>> {
    try {
      const result = await this.#options.handler(this.claim.payload, this.#context());
      return { kind: "resolved", result };
    } catch (error) {
      return { kind: "rejected", error };
    }
  }

  /** What many handlers never ask for is made when they do. */
  #context(): HandlerContext {
    const signal = (): AbortSignal => this.#signal();
    const log = (): Logger => this.#log();
    return {
      task: this.task,
      get signal() {
        return signal();
      },
      progress: (fraction, note) => {
        this.#progress ??= this.#createProgress();
        this.#progress.report(fraction, note);
      },
      get log() {
        return log();
      },
    };
  }

  #signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortReason !== undefined) this.#controller.abort(this.#abortReason);
    }
    return this.#controller.signal;
  }

  #log(): Logger {
    const { id, queue, attempt } = this.claim;
    return this.#options.log.child({ taskId: id, queue, attempt });
  }

  #createProgress(): ProgressReporter {
    const { claim } = this;
    return new ProgressReporter({
      send: (progress) => this.#options.queue.progress(claim, progress),
      onLeaseLost: () => this.abort(new LeaseLostError(claim.id)),
      log: this.#log(),
    });
  }
}

/** A claim without what concerns only those who keep it. */
export function taskInfo(claim: Claim): TaskInfo {
  const { id, queue, attempt, maxRetries, crashes, timeoutMs, addedAt, worker, trace } = claim;
  return {
    id,
    queue,
    attempt,
    maxRetries,
    crashes,
    timeoutMs,
    addedAt,
    worker,
    ...(trace === undefined ? {} : { trace }),
  };
}
