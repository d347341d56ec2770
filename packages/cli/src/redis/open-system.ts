import type { Queue } from "@imgq/queue";
import type { Registry } from "@imgq/registry";
import { defaults } from "../options.ts";

/** What the options of a command say about where the system is. */
export interface SystemOptions {
  readonly redis?: string | undefined;
  readonly queue: string;
  readonly prefix: string;
}

/** One queue and the workers beside it. */
export interface System {
  readonly url: string;
  readonly queue: Queue;
  readonly registry: Registry;
}

/**
 * Opens the system that `options` name, hands it to `use`, and closes it again, whatever happens. Rejects with
 * `RedisUnreachableError` when Redis does not answer.
 */
export async function withSystem<T>(options: SystemOptions, use: (system: System) => Promise<T>): Promise<T> {
  const url = options.redis ?? defaults.redisUrl;
  // Loaded only by commands that need them: `imgq --help` should not wait for a Redis client.
  const [{ requireRedis }, { createQueue }, { createRegistry }] = await Promise.all([
    import("./require-redis.ts"),
    import("@imgq/queue"),
    import("@imgq/registry"),
  ]);
  const reached = await requireRedis(url);
  await reached.close();
  const queue = createQueue({ name: options.queue, redis: url, prefix: options.prefix });
  const registry = createRegistry({ redis: url, prefix: options.prefix });
  try {
    return await use({ url, queue, registry });
  } finally {
    await Promise.all([queue.close(), registry.close()]);
  }
}
