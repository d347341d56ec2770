import { type RedisConnection, RedisFullError, type Script, type ScriptArgument } from "@imgq/core/redis";
import { QueueFullError } from "../errors.ts";
import type { ResolvedQueueOptions } from "../options.ts";
import { baseKey, declaredKeys } from "./keys.ts";

/** A script's reply: a word, then what the script's header says. One that is only a word may come without the list around it. */
export type Reply = readonly [word: string, ...rest: unknown[]];

/** Runs a queue's scripts on its connection, with the arguments all of them share. */
export class ScriptRunner {
  readonly base: string;
  readonly connection: RedisConnection;
  readonly #options: ResolvedQueueOptions;

  constructor(options: ResolvedQueueOptions, connection: RedisConnection) {
    this.base = baseKey(options.prefix, options.name);
    this.connection = connection;
    this.#options = options;
  }

  /** Rejects with the errors of `RedisConnection.call`, and with `QueueFullError` when Redis takes no writes. */
  async run(script: Script, args: readonly ScriptArgument[], deadlineMs?: number): Promise<Reply> {
    try {
      const reply = await script.run(
        this.connection,
        declaredKeys(this.base),
        this.arguments(args),
        deadlineMs === undefined ? {} : { deadlineMs },
      );
      return asReply(script, reply);
    } catch (error) {
      throw this.typed(error);
    }
  }

  arguments(args: readonly ScriptArgument[]): ScriptArgument[] {
    const { now, events } = this.#options;
    return [now === undefined ? "" : now(), events ? "1" : "", ...args];
  }

  typed(error: unknown): unknown {
    return error instanceof RedisFullError ? new QueueFullError(this.#options.name, error) : error;
  }

  /** Runs a script of bounded steps until it says that nothing is left. `step` sees each reply and may end the loop. */
  async drain(
    script: Script,
    args: () => readonly ScriptArgument[],
    step: (reply: Reply) => void,
  ): Promise<void> {
    for (;;) {
      const reply = await this.run(script, args());
      step(reply);
      if (reply[0] !== "more") return;
    }
  }
}

/** Throws `TypeError` for what is no reply of ours. */
export function asReply(script: Script, reply: unknown): Reply {
  if (isReply(reply)) return reply;
  if (typeof reply === "string") return [reply];
  throw new TypeError(`${script.name} gave a reply that does not begin with a word.`);
}

function isReply(reply: unknown): reply is Reply {
  return Array.isArray(reply) && typeof reply[0] === "string";
}
