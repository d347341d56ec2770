import type { TaskEvent } from "../events.ts";

/** Carries events to those who listen now; a listener that falls far behind loses its oldest ones. */
export class MemoryEvents {
  readonly #listeners = new Set<(event: TaskEvent) => void>();
  #last = 0;

  publish(event: Omit<TaskEvent, "position">): void {
    this.#last += 1;
    const positioned = { ...event, position: String(this.#last).padStart(16, "0") };
    for (const listener of this.#listeners) listener(positioned);
  }

  async *listen(signal: AbortSignal): AsyncGenerator<TaskEvent> {
    const waiting: TaskEvent[] = [];
    let wake = (): void => {};
    const listener = (event: TaskEvent): void => {
      waiting.push(event);
      if (waiting.length > MAX_BEHIND) waiting.shift();
      wake();
    };
    const stop = (): void => wake();
    this.#listeners.add(listener);
    signal.addEventListener("abort", stop);
    try {
      while (!signal.aborted) {
        const event = waiting.shift();
        if (event !== undefined) yield event;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      this.#listeners.delete(listener);
      signal.removeEventListener("abort", stop);
    }
  }
}

const MAX_BEHIND = 10_000;
