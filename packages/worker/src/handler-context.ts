import type { Logger } from "@imgq/core";
import type { HandlerContext, TaskInfo } from "./handler.ts";

/** What an execution offers of itself. */
interface Source {
  readonly task: TaskInfo;
  readonly signal: AbortSignal;
  readonly log: Logger;
  progress(fraction: number, note?: string): void;
}

/** What a handler is given. Most handlers ask for little of it, so each part is made when it is asked for. */
export class ExecutionContext implements HandlerContext {
  readonly #execution: Source;
  #task: TaskInfo | undefined;

  constructor(execution: Source) {
    this.#execution = execution;
  }

  get task(): TaskInfo {
    this.#task ??= this.#execution.task;
    return this.#task;
  }

  get signal(): AbortSignal {
    return this.#execution.signal;
  }

  /** A function of its own, so that a handler may take it out of the context. */
  get progress(): (fraction: number, note?: string) => void {
    return (fraction, note) => this.#execution.progress(fraction, note);
  }

  get log(): Logger {
    return this.#execution.log;
  }
}
