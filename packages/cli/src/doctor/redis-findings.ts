import type { RedisClient, RedisConnection } from "@imgq/core/redis";
import { defaults } from "../options.ts";
import type { System } from "../redis/open-system.ts";
import { formatDuration } from "../terminal/format.ts";
import type { Finding } from "@imgq/monitor";
import { ok, problem, warning } from "./finding.ts";

/** Clocks that differ by more than this make ages and times hard to read. Leases do not depend on it. */
const tolerableSkewMs = 2000;

/**
 * What a look at the running server tells: its version and settings, its clock against ours, what this user may do, and
 * whether the workers there fit together.
 */
export async function redisFindings(
  connection: RedisConnection,
  { url, queue, registry }: System,
): Promise<Finding[]> {
  const { createMonitor, findingsOf } = await import("@imgq/monitor");
  const monitor = createMonitor({ queues: [queue], registry, redis: url });
  try {
    const settings = findingsOf(await monitor.snapshot());
    return [
      ...settings,
      await clock(connection),
      await permissions(connection, queue.prefix ?? defaults.prefix),
    ];
  } finally {
    await monitor.close();
  }
}

async function clock(connection: RedisConnection): Promise<Finding> {
  const sentAt = Date.now();
  const [seconds = 0, microseconds = 0] = (await connection.call("TIME", (client) => client.time())).map(
    Number,
  );
  const receivedAt = Date.now();
  const skewMs = seconds * 1000 + microseconds / 1000 - (sentAt + receivedAt) / 2;
  const summary = `The clock of Redis is ${formatDuration(Math.abs(skewMs))} ${skewMs < 0 ? "behind" : "ahead of"} this machine's`;
  return Math.abs(skewMs) <= tolerableSkewMs
    ? ok("redis-clock", summary)
    : warning(
        "redis-clock",
        summary,
        "Let NTP set both clocks. Tasks are safe: only the clock of Redis counts for them.",
      );
}

/** Touches each kind of key imgq uses, inside a script as imgq does, and removes it again. */
const probe = `
redis.call("HSET", KEYS[1], "field", "1")
redis.call("PEXPIRE", KEYS[1], 10000)
redis.call("DEL", KEYS[1])
redis.call("ZADD", KEYS[1], 1, "member")
redis.call("DEL", KEYS[1])
redis.call("RPUSH", KEYS[1], "item")
redis.call("DEL", KEYS[1])
redis.call("XADD", KEYS[1], "*", "field", "1")
redis.call("DEL", KEYS[1])
return redis.call("TIME")
`;

async function permissions(connection: RedisConnection, prefix: string): Promise<Finding> {
  const user = await connection.call("ACL WHOAMI", whoAmI);
  try {
    await connection.call("EVAL", (client) => client.eval(probe, 1, `${prefix}:{doctor}:probe`));
    return ok("redis-acl", `User ${user} may run scripts and write keys that begin with ${prefix}:`);
  } catch (error) {
    const reason =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return problem(
      "redis-acl",
      `User ${user} may not do what imgq needs: ${reason.split("\n")[0]}`,
      `Run ACL SETUSER ${user} ~${prefix}:* +@all -@admin -@dangerous +info, or see docs/redis-keys.md.`,
    );
  }
}

async function whoAmI(client: RedisClient): Promise<string> {
  // Servers may hide who one is; that alone is no problem.
  return String(await client.call("ACL", "WHOAMI").catch(() => "default"));
}
