import { createLogger } from "@imgq/core";
import { RedisClosedError, RedisConnection, RedisRefusedError, RedisTimeoutError } from "@imgq/core/redis";
import { RedisUnreachableError } from "../errors.ts";
import { defaults } from "../options.ts";
import { redactUrl } from "./redact-url.ts";

/** No use in waiting: nothing listens there, or the name does not exist. */
const hopeless = /ECONNREFUSED|ENOTFOUND|ENOENT|EACCES|certificate/;

/**
 * Makes sure that Redis answers, before a command begins. Rejects with {@link RedisUnreachableError} that says why not;
 * resolves with an open connection, to be closed by the caller.
 */
export async function requireRedis(
  url: string,
  deadlineMs: number = defaults.redisDeadlineMs,
): Promise<RedisConnection> {
  let lastError: string | undefined;
  let giveUp: () => void = () => {};
  const hopelessError = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  // The client reports each failed attempt only as an event; the log is where it can be read.
  const log = createLogger({
    level: "debug",
    write: (line) => {
      lastError = errorIn(line) ?? lastError;
      if (lastError !== undefined && hopeless.test(lastError)) giveUp();
    },
  });
  const connection = new RedisConnection({ source: url, name: "cli", deadlineMs, log });
  const answer = connection.call("PING", (client) => client.ping());
  try {
    // Closing ends the call with an error of its own, which the reason found above replaces.
    await Promise.race([answer, hopelessError.then(() => connection.close()).then(() => answer)]);
    return connection;
  } catch (error) {
    await connection.close();
    if (error instanceof RedisRefusedError) {
      throw new RedisUnreachableError(`Redis at ${redactUrl(url)} refuses the connection: ${error.message}`, {
        cause: error,
      });
    }
    if (error instanceof Error && error.message.includes("RESP type")) {
      throw new RedisUnreachableError(
        `What answers at ${redactUrl(url)} is not Redis. Say where Redis is with --redis or REDIS_URL.`,
        { cause: error },
      );
    }
    if (error instanceof RedisTimeoutError || error instanceof RedisClosedError) {
      throw new RedisUnreachableError(
        `Redis at ${redactUrl(url)} is unreachable: ${lastError ?? `no answer within ${deadlineMs} ms`}. Start it, or say where it is with --redis or REDIS_URL.`,
        { cause: error },
      );
    }
    throw error;
  }
}

function errorIn(line: string): string | undefined {
  const entry: unknown = JSON.parse(line);
  if (!(entry instanceof Object && "error" in entry && entry.error instanceof Object)) return undefined;
  return "message" in entry.error ? String(entry.error.message) : undefined;
}
