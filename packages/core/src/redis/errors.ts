import { ImgqError } from "../errors.ts";

/** Redis gave no answer in time. The command may or may not have been executed; repeating an imgq call is safe. Code `IMGQ_REDIS_TIMEOUT`. */
export class RedisTimeoutError extends ImgqError {
  readonly command: string;
  readonly deadlineMs: number;

  constructor(command: string, deadlineMs: number, cause?: unknown) {
    super(
      "IMGQ_REDIS_TIMEOUT",
      `Redis gave no answer to ${command} within ${deadlineMs} ms. Check that it is running and reachable; the call may be repeated safely.`,
      cause === undefined ? undefined : { cause },
    );
    this.command = command;
    this.deadlineMs = deadlineMs;
  }
}

/** Redis answered with an error that repeating does not mend. Code `IMGQ_REDIS_REFUSED`. */
export class RedisRefusedError extends ImgqError {
  readonly command: string;

  constructor(command: string, cause: Error) {
    super("IMGQ_REDIS_REFUSED", `Redis refused ${command}: ${cause.message}. ${remedyFor(cause.message)}`, {
      cause,
    });
    this.command = command;
  }
}

/** Redis takes no writes for now: memory or disk is full, or too few replicas. Code `IMGQ_REDIS_FULL`. */
export class RedisFullError extends ImgqError {
  readonly command: string;

  constructor(command: string, cause: Error) {
    super(
      "IMGQ_REDIS_FULL",
      `Redis takes no writes for ${command}: ${cause.message}. ${remedyFor(cause.message)}`,
      { cause },
    );
    this.command = command;
  }
}

/** The connection was closed by this program. Code `IMGQ_REDIS_CLOSED`. */
export class RedisClosedError extends ImgqError {
  constructor(command: string) {
    super(
      "IMGQ_REDIS_CLOSED",
      `${command} was called on a closed connection. Call it before close(), or open a new one.`,
    );
  }
}

/**
 * What an error from Redis or its client means:
 * `retry`: passing trouble, the same call may work soon; `back-pressure`: Redis takes no writes for now;
 * `fatal`: will fail again until somebody changes something.
 */
export type RedisErrorClass = "retry" | "back-pressure" | "fatal";

const backPressure = /^(?:OOM|MISCONF|NOREPLICAS)\b|\bOOM command not allowed/;
const passing =
  /^(?:LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY|UNBLOCKED|MOVED|ASK|NOMASTERLINK)\b|-READONLY|Connection is closed|Stream isn't writeable|max retries per request|ECONN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|All sentinels are unreachable|Failed to refresh slots cache|ClusterAllFailed|Too many Cluster redirections|timed out/i;

export function classifyRedisError(error: unknown): RedisErrorClass {
  if (error instanceof RedisTimeoutError) return "retry";
  if (error instanceof RedisFullError) return "back-pressure";
  const text = error instanceof Error ? error.message : String(error);
  if (backPressure.test(text)) return "back-pressure";
  return passing.test(text) ? "retry" : "fatal";
}

function remedyFor(message: string): string {
  if (message.includes("OOM")) return "Raise maxmemory, or purge completed and dead tasks.";
  if (message.startsWith("MISCONF"))
    return "Redis cannot write its snapshot: free disk space on its machine.";
  if (message.startsWith("NOREPLICAS")) return "Bring a replica back, or lower min-replicas-to-write.";
  if (/^(WRONGPASS|NOAUTH)/.test(message)) return "Check the user name and password in the Redis URL.";
  if (message.startsWith("NOPERM"))
    return "Give the Redis user the commands and keys that docs/redis-keys.md lists.";
  return "See docs/operating.md.";
}
