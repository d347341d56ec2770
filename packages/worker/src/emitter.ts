import type { Logger } from "@imgq/core";

/** Calls listeners by event name; each event carries one object. A listener that throws is logged and disturbs nobody. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, readonly ((event: never) => void)[]>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Returns what takes the listener away again. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    this.#listeners.set(name, [...this.#others(name, listener), listener]);
    return () => this.#listeners.set(name, this.#others(name, listener));
  }

  /** Whether an event of this name would be heard: for those told so often that making them counts. */
  hears(name: keyof Events): boolean {
    return (this.#listeners.get(name)?.length ?? 0) > 0;
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    const listeners = this.#listeners.get(name);
    if (listeners === undefined) return;
    for (const listener of listeners) {
      try {
        listener(event as never);
      } catch (error) {
        this.#log.error("A listener failed", { event: String(name), error });
      }
    }
  }

  #others<Name extends keyof Events>(
    name: Name,
    listener: (event: Events[Name]) => void,
  ): ((event: never) => void)[] {
    return (this.#listeners.get(name) ?? []).filter((other) => other !== listener);
  }
}
