import { ImgqError } from "@imgq/core";
import type { AddOptions, Claim, Queue, SettleReply } from "@imgq/queue";
import type { Happening } from "./history-event.ts";
import type { History } from "./history.ts";

type Settling = (Happening & { kind: "settle" })["how"];

/** The same queue, writing down what its producers and workers ask of it and what it answers. */
export function recordingQueue<P, R>(queue: Queue<P, R>, history: History): Queue<P, R> {
  const settling = async (
    how: Settling,
    { id, attempt, worker, token }: Claim<P>,
    answer: Promise<SettleReply>,
  ): Promise<SettleReply> => {
    const recordReply = (reply: string): void =>
      history.record({ kind: "settle", how, reply, id, attempt, worker, token });
    try {
      const reply = await answer;
      recordReply(reply);
      return reply;
    } catch (error) {
      recordReply(codeOf(error));
      throw error;
    }
  };
  const overrides: Partial<Queue<P, R>> = {
    add: (payload, options) => recordAdd(history, options, (known) => queue.add(payload, known)),
    complete: (claim, result) => settling("complete", claim, queue.complete(claim, result)),
    fail: (claim, error, options) => settling("fail", claim, queue.fail(claim, error, options)),
    release: (claim, options) => settling("release", claim, queue.release(claim, options)),
  };
  // A proxy rather than a copy: the methods of the class keep their `this`, and new ones need no line here.
  return new Proxy(queue, {
    get: (target, name) => {
      const value: unknown = Reflect.get(overrides, name) ?? Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

async function recordAdd(
  history: History,
  options: AddOptions | undefined,
  add: (options: AddOptions) => Promise<string>,
): Promise<string> {
  const id = options?.id ?? crypto.randomUUID();
  history.record({ kind: "add", phase: "invoked", id });
  try {
    const answer = await add({ ...options, id });
    history.record({ kind: "add", phase: "acknowledged", id });
    return answer;
  } catch (error) {
    history.record({ kind: "add", phase: "failed", id, error: codeOf(error) });
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof ImgqError ? error.code : String(error);
}
