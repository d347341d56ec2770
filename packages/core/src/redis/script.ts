import { createHash } from "node:crypto";
import type { CallOptions, RedisConnection } from "./connection.ts";
import { meterOf } from "./script-times.ts";
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

export interface ScriptOptions {
  /** Whether it may write while Redis is out of memory, because it frees memory or ends work. @default false */
  readonly allowOom?: boolean;
}

/** Makes a runnable script of Lua text. The script must be safe to run twice with the same arguments. */
export function defineScript(name: string, source: string, options: ScriptOptions = {}): Script {
  const allowOom = options.allowOom === true;
  const preferred = versionOf(allowOom ? `#!lua flags=allow-oom\n${source}` : source);
  const plain = allowOom ? versionOf(`${firstWrite}\n${source}`) : preferred;
  /** Connections to servers that do not know script flags. */
  const old = new WeakSet<RedisConnection>();
  const meter = meterOf(name);
  const evaluate = async (
    connection: RedisConnection,
    client: RedisClient,
    keys: readonly string[],
    args: readonly ScriptArgument[],
  ): Promise<unknown> => {
    const version = old.has(connection) ? plain : preferred;
    const sentAt = performance.now();
    try {
      const reply: unknown = await client.evalsha(version.sha, keys.length, ...keys, ...args);
      meter.note(performance.now() - sentAt);
      return reply;
    } catch (error) {
      if (!startsWith(error, "NOSCRIPT")) throw error;
    }
    try {
      return await client.eval(version.source, keys.length, ...keys, ...args);
    } catch (error) {
      if (version === plain || !startsWith(error, "ERR Error compiling script")) throw error;
      old.add(connection);
      return client.eval(plain.source, keys.length, ...keys, ...args);
    }
  };
  return {
    name,
    source,
    run: (connection, keys, args, callOptions) =>
      connection.call(name, (client) => evaluate(connection, client, keys, args), callOptions),
  };
}

/**
 * Before version 7, which knows flags, Redis lets a script that has written go on writing, however full it is: it could not
 * undo half a script. Removing is a write that is never refused, also where nothing is removed.
 */
const firstWrite = 'redis.pcall("HDEL", KEYS[1], "")';

interface Version {
  readonly source: string;
  readonly sha: string;
}

function versionOf(source: string): Version {
  return { source, sha: createHash("sha1").update(source).digest("hex") };
}

function startsWith(error: unknown, word: string): boolean {
  return error instanceof Error && error.message.startsWith(word);
}
