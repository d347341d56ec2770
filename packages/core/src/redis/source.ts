import { type Cluster, Redis, type RedisOptions } from "ioredis";
import { InvalidOptionError } from "../errors.ts";
import { replyCode } from "./errors.ts";

/**
 * Where Redis is: a URL, ioredis options, or an ioredis instance. An instance is used as a template: imgq opens its own
 * connections with the same settings, so that it can bound and replace them without touching yours.
 */
export type RedisSource = string | RedisOptions | Redis | Cluster;

export type RedisClient = Redis | Cluster;

/** Settings that imgq relies on, whatever the source says. */
const enforced = {
  keyPrefix: "", // scripts build their own key names; a client-side prefix would split them
  maxRetriesPerRequest: null, // the deadline of each call decides, not a count
  enableAutoPipelining: false, // measured slower; imgq coalesces in its own scripts
  enableOfflineQueue: true, // calls wait for Redis up to their deadline
  enableReadyCheck: true, // wait while Redis loads its data
  maxLoadingRetryTime: 500,
  connectTimeout: 3000,
  disconnectTimeout: 200, // what is thrown away has nothing more to say, and keeps the process from ending
  sentinelCommandTimeout: 1000, // a frozen sentinel must not keep us from asking the next
  autoResendUnfulfilledCommands: true, // every script is safe to run twice
  lazyConnect: true,
  readOnly: false,
  stringNumbers: false,
  replyMapping: "legacy", // replies of one shape, whatever the protocol
  // A demoted primary answers READONLY: connect anew, which asks the sentinels or the DNS for the new one.
  reconnectOnError: (error: Error): boolean => replyCode(error.message) === "READONLY",
} satisfies RedisOptions;

/** Milliseconds before reconnect attempt number `attempt`: quick at first, never longer than one second, so that an outage ends seconds after Redis is back. */
export function reconnectDelayMs(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 10), 1000) * (0.8 + 0.4 * Math.random());
}

/** Opens one more connection to `source` with the settings imgq relies on. It connects at its first command. */
export function openClient(source: RedisSource, connectionName: string): RedisClient {
  const overrides = { ...enforced, connectionName, retryStrategy: reconnectDelayMs };
  if (typeof source === "string") return new Redis(validUrl(source), overrides);
  if (!isInstance(source)) return new Redis({ ...source, ...overrides });
  return source.isCluster
    ? openCluster(source as Cluster, connectionName)
    : (source as Redis).duplicate(overrides);
}

/** By shape, not by class: the program's ioredis may be another copy than ours. */
export function isInstance(source: RedisOptions | RedisClient): source is RedisClient {
  return "duplicate" in source && typeof source.duplicate === "function";
}

function openCluster(template: Cluster, connectionName: string): Cluster {
  return template.duplicate([], {
    keyPrefix: "",
    enableAutoPipelining: false,
    enableOfflineQueue: true,
    lazyConnect: true,
    scaleReads: "master", // a replica's answer may be older than the task it is about
    clusterRetryStrategy: reconnectDelayMs,
    redisOptions: { ...template.options.redisOptions, ...enforced, connectionName },
  });
}

function validUrl(url: string): string {
  const isNetwork = /^rediss?:\/\//.test(url);
  if (isNetwork ? !URL.canParse(url) : !/^(unix:\/\/|\/)/.test(url)) {
    throw new InvalidOptionError(
      "redis",
      "be a redis://, rediss:// or unix:// address",
      url,
      "Example: redis://localhost:6379.",
    );
  }
  // The client would ask for database NaN, and fail where nobody can catch it.
  const database = isNetwork ? new URL(url).pathname.slice(1) : "";
  if (!/^\d*$/.test(database)) {
    throw new InvalidOptionError(
      "redis",
      "name a database by its number",
      database,
      "Example: redis://localhost:6379/1.",
    );
  }
  return url;
}
