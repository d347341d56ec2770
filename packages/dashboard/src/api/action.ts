import { RequestError } from "../errors.ts";

/** Everything the page can change. */
export type Action =
  | { readonly action: "queue.pause" | "queue.resume"; readonly queue: string }
  | {
      readonly action: "task.cancel" | "task.redrive" | "task.purge";
      readonly queue: string;
      readonly id: string;
    }
  /** `group`: all dead letters with one cause; without it all of the queue. */
  | { readonly action: "dead.redrive" | "dead.purge"; readonly queue: string; readonly group?: string }
  | { readonly action: "worker.quiet" | "worker.resume" | "worker.stop"; readonly worker: string };

export interface ActionReport {
  /** One sentence for the person who asked. */
  readonly message: string;
}

/** Reads an action out of whatever was sent. Throws a {@link RequestError} for anything else. */
export function parseAction(value: unknown): Action {
  const sent: Record<string, unknown> = typeof value === "object" && value !== null ? { ...value } : {};
  const text = (name: string): string => {
    const field = sent[name];
    if (typeof field === "string" && field !== "" && field.length <= 1000) return field;
    throw new RequestError(400, `${name} is missing.`);
  };
  const { action } = sent;
  switch (action) {
    case "queue.pause":
    case "queue.resume":
      return { action, queue: text("queue") };
    case "task.cancel":
    case "task.redrive":
    case "task.purge":
      return { action, queue: text("queue"), id: text("id") };
    case "dead.redrive":
    case "dead.purge":
      return { action, queue: text("queue"), ...(sent.group === undefined ? {} : { group: text("group") }) };
    case "worker.quiet":
    case "worker.resume":
    case "worker.stop":
      return { action, worker: text("worker") };
    default:
      throw new RequestError(400, "There is no such action.");
  }
}
