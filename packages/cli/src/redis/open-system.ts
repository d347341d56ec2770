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

/** All queues of a system, and the workers beside them. */
export interface WholeSystem {
  readonly url: string;
  readonly queues: readonly [Queue, ...Queue[]];
  readonly registry: Registry;
}

/** As {@link withSystem}, for the queues that `options.queue` names (`a,b`), or else all that are known. */
export async function withQueues<T>(
  options: Omit<SystemOptions, "queue"> & { readonly queue?: string | undefined },
  use: (system: WholeSystem) => Promise<T>,
): Promise<T> {
  const { redis: url = defaults.redisUrl, prefix } = options;
  const [{ requireRedis }, { createQueue }, { createRegistry }, { knownQueues }] = await Promise.all([
    import("./require-redis.ts"),
    import("@imgq/queue"),
    import("@imgq/registry"),
    import("./known-queues.ts"),
  ]);
  const reached = await requireRedis(url);
  await reached.close();
  const registry = createRegistry({ redis: url, prefix });
  const open = (name: string): Queue => createQueue({ name, redis: url, prefix });
  try {
    const [first, ...others] =
      options.queue === undefined
        ? await knownQueues(registry, { redis: url, prefix })
        : namesIn(options.queue);
    const queues = [open(first), ...others.map(open)] as const;
    try {
      return await use({ url, queues, registry });
    } finally {
      await Promise.all(queues.map((queue) => queue.close()));
    }
  } finally {
    await registry.close();
  }
}

function namesIn(text: string): readonly [string, ...string[]] {
  const [first, ...others] = new Set(text.split(",").map((name) => name.trim()));
  return [first ?? defaults.queue, ...others];
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
