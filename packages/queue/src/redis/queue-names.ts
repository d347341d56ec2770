import { RedisConnection, type RedisSource } from "@imgq/core/redis";

/** Names kept: those that were announced last. */
const MOST_NAMES = 1000;

/** Sorted set: a queue's name → when a process last began to add to it. In a slot of its own, for all queues of a prefix. */
export function queueNamesKey(prefix: string): string {
  return `${prefix}:{queues}:names`;
}

/** Makes a queue known to who looks at all of them, also when no worker serves it yet. */
export async function announceQueue(
  connection: RedisConnection,
  prefix: string,
  name: string,
): Promise<void> {
  const key = queueNamesKey(prefix);
  await connection.call("ZADD", (client) => client.zadd(key, Date.now(), name));
  await connection.call("ZREMRANGEBYRANK", (client) => client.zremrangebyrank(key, 0, -MOST_NAMES - 1));
}

export async function forgetQueue(connection: RedisConnection, prefix: string, name: string): Promise<void> {
  await connection.call("ZREM", (client) => client.zrem(queueNamesKey(prefix), name));
}

/**
 * Names of the queues that something was ever added to and that were not cleared, sorted; of many, the 1,000 announced
 * last. A queue that only workers know is in the registry.
 */
export async function queueNames(options: {
  readonly redis: RedisSource;
  /** First part of every key. @default "imgq" */
  readonly prefix?: string;
}): Promise<readonly string[]> {
  const { redis, prefix = "imgq" } = options;
  const connection = new RedisConnection({ source: redis, name: "queue-names" });
  try {
    const names = await connection.call("ZRANGE", (client) =>
      client.zrange(queueNamesKey(prefix), "0", "-1"),
    );
    return names.toSorted();
  } finally {
    await connection.close();
  }
}
