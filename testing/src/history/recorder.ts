import { ImgqError } from "@imgq/core";
import type { AddOptions, Claim, Queue, SettleReply } from "@imgq/queue";
import type { Handler } from "@imgq/worker";
import type { Happening } from "./history-event.ts";
import type { History } from "./history.ts";

/** Writes down what the producers and the worker of one process do, without changing it. */
export interface Recorder {
  /** The same queue; its adds, claims and settles are recorded. */
  queue<P, R>(queue: Queue<P, R>): Queue<P, R>;
  /** The same handler; each execution is recorded with the token of its claim. */
  handler<P, R>(handler: Handler<P, R>): Handler<P, R>;
}

type Settling = (Happening & { kind: "settle" })["how"];

export function createRecorder(history: History): Recorder {
  /** Token of the latest claim of each task, which a handler is not told. */
  const tokens = new Map<string, string>();
  return {
    queue: (queue) => recordingQueue(queue, history, tokens),
    handler: (handler) => async (payload, context) => {
      const { id, attempt, worker } = context.task;
      const run = { kind: "run", id, attempt, worker, token: tokens.get(id) ?? "unknown" } as const;
      history.record({ ...run, phase: "started" });
      try {
        const result = await handler(payload, context);
        history.record({ ...run, phase: "returned" });
        return result;
      } catch (error) {
        history.record({ ...run, phase: "threw", error: codeOf(error) });
        throw error;
      }
    },
  };
}

function recordingQueue<P, R>(
  queue: Queue<P, R>,
  history: History,
  tokens: Map<string, string>,
): Queue<P, R> {
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
    claim: async (options) => {
      const claims = await queue.claim(options);
      for (const { id, token } of claims) tokens.set(id, token);
      return claims;
    },
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
