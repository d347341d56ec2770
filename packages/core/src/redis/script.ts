import { createHash } from "node:crypto";
import type { CallOptions, RedisConnection } from "./connection.ts";
import type { RedisClient } from "./source.ts";

export type ScriptArgument = string | number | Buffer;

/** A Lua script that moves state in one atomic step. */
export interface Script {
  readonly name: string;
  readonly source: string;
  /** Runs it by its hash, and by its text when Redis does not know it (after SCRIPT FLUSH, a restart or a failover). */
  run(
    connection: RedisConnection,
    keys: readonly string[],
    args: readonly ScriptArgument[],
    options?: CallOptions,
  ): Promise<unknown>;
}

/** Makes a runnable script of Lua text. The script must be safe to run twice with the same arguments. */
export function defineScript(name: string, source: string): Script {
  const sha = createHash("sha1").update(source).digest("hex");
  const evaluate = async (
    client: RedisClient,
    keys: readonly string[],
    args: readonly ScriptArgument[],
  ): Promise<unknown> => {
    try {
      return await client.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
      return client.eval(source, keys.length, ...keys, ...args);
    }
  };
  return {
    name,
    source,
    run: (connection, keys, args, options) =>
      connection.call(name, (client) => evaluate(client, keys, args), options),
  };
}
