import { ImgqError } from "../errors.ts";

/** Redis gave no answer in time. The command may or may not have been executed; repeating an imgq call is safe. Code `IMGQ_REDIS_TIMEOUT`. */
export class RedisTimeoutError extends ImgqError {
  readonly command: string;
  readonly deadlineMs: number;

  constructor(command: string, deadlineMs: number, cause?: unknown) {
    const why = cause instanceof Error ? ` (${describe(cause)})` : "";
    super(
      "IMGQ_REDIS_TIMEOUT",
      `Redis gave no answer to ${command} within ${deadlineMs} ms${why}. Check that it is running and reachable; the call may be repeated safely.`,
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
    super(
      "IMGQ_REDIS_REFUSED",
      `Redis refused ${command}: ${cause.message.replace(/\.+$/, "")}. ${remedyFor(cause.message)}`,
      {
        cause,
      },
    );
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

const backPressureCodes: ReadonlySet<string> = new Set(["OOM", "MISCONF", "NOREPLICAS"]);
const passingCodes: ReadonlySet<string> = new Set([
  "LOADING", // Redis reads its data
  "READONLY", // a demoted primary; the next connection finds the new one
  "BUSY", // somebody's script is running for long
  "MASTERDOWN",
  "NOMASTERLINK",
  "CLUSTERDOWN",
  "TRYAGAIN",
  "MOVED",
  "ASK",
  "UNBLOCKED",
  "NOSCRIPT", // the scripts were flushed between EVALSHA and the reply to EVAL
]);
/** What ioredis and the system say when a connection is lost or cannot be made. */
const lostConnection =
  /Connection is closed|aborted due to connection close|Stream isn't writeable|Cluster is ended|Cluster isn't ready|max retries per request|ECONN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|All sentinels are unreachable|Failed to refresh slots cache|None of startup nodes|Too many Cluster redirections|timed out|Protocol error/i;

export function classifyRedisError(error: unknown): RedisErrorClass {
  if (error instanceof RedisTimeoutError) return "retry";
  if (error instanceof RedisFullError) return "back-pressure";
  if (!(error instanceof Error)) return "fatal";
  const code = replyCode(error.message);
  if (backPressureCodes.has(code)) return "back-pressure";
  if (passingCodes.has(code)) return "retry";
  return isReply(error) || !lostConnection.test(describe(error)) ? "fatal" : "retry";
}

/** The first word of an error reply. Inside a script Redis 6.2 wraps it: `ERR Error running script (…): … -READONLY You can't …`. */
export function replyCode(message: string): string {
  const wrapped = /^ERR Error running script.*?: -([A-Z]+) /.exec(message);
  return wrapped?.[1] ?? /^[A-Z]+/.exec(message)?.[0] ?? "";
}

/** The imgq error for an error reply; what is no reply (a bug, a failed connection) passes unchanged. */
export function typedRedisError(command: string, error: unknown): unknown {
  if (!(error instanceof Error) || !isReply(error)) return error;
  return classifyRedisError(error) === "back-pressure"
    ? new RedisFullError(command, error)
    : new RedisRefusedError(command, error);
}

/** What it means when the server has not got the database that a connection is to use, or does not let its user in. */
export function refusalOfDatabase(error: Error): RedisRefusedError | undefined {
  // ioredis tells which command an error reply is about, but does not declare it.
  const command: unknown = Reflect.get(error, "command");
  if (!isReply(error) || !isCommand(command) || command.name !== "select") return undefined;
  // Who is not logged in, or comes while data is loaded, is told so by the command that waits.
  if (replyCode(error.message) === "NOAUTH" || classifyRedisError(error) !== "fatal") return undefined;
  return new RedisRefusedError(`database ${String(command.args[0])}`, error);
}

function isCommand(value: unknown): value is { readonly name: unknown; readonly args: readonly unknown[] } {
  return value instanceof Object && "name" in value && "args" in value && Array.isArray(value.args);
}

function isReply(error: Error): boolean {
  return error.name === "ReplyError";
}

/** When a host name has several addresses and all fail, Node's error has only a code. */
function describe(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return error.message === "" ? code : error.message;
}

function remedyFor(message: string): string {
  switch (replyCode(message)) {
    case "OOM":
      return "Raise maxmemory, or purge completed and dead tasks.";
    case "MISCONF":
      return "Redis cannot write its snapshot: free disk space on its machine.";
    case "NOREPLICAS":
      return "Bring a replica back, or lower min-replicas-to-write.";
    case "WRONGPASS":
    case "NOAUTH":
      return "Check the user name and password in the Redis URL.";
    case "NOPERM":
      return "Give the Redis user the commands and keys that docs/redis-keys.md lists.";
    default:
      return /DB index|SELECT is not allowed/.test(message)
        ? 'Name one that the server has: 0 to 15, unless its setting "databases" says otherwise; a cluster has 0 only.'
        : "See docs/operating.md.";
  }
}
