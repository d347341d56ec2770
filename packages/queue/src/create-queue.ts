import { MemoryBroker } from "./memory/memory-broker.ts";
import { type QueueOptions, resolveQueueOptions } from "./options.ts";
import type { Queue } from "./queue.ts";
import { RedisBroker } from "./redis/redis-broker.ts";
import { TaskQueue } from "./task-queue.ts";

/**
 * Opens a queue: in Redis when `options.redis` says where, else in this process' memory. Opening does not connect; the
 * first call does. Throws `InvalidOptionError` for an option that cannot work.
 */
export function createQueue<P = unknown, R = unknown>(options: QueueOptions): Queue<P, R> {
  const resolved = resolveQueueOptions(options);
  const { redis } = resolved;
  return new TaskQueue<P, R>(
    resolved,
    redis === undefined ? new MemoryBroker(resolved) : new RedisBroker(resolved, redis),
  );
}
