import { MemoryRegistry } from "./memory-registry.ts";
import { type RegistryOptions, resolveRegistryOptions } from "./options.ts";
import { RedisRegistry } from "./redis-registry.ts";
import type { Registry } from "./registry.ts";

/**
 * Opens the registry of workers: in Redis, shared by all who use the same Redis and prefix, or in memory without `redis`.
 * It connects at its first call; end it with `close()`.
 *
 * @example
 * const registry = createRegistry({ redis: "redis://localhost:6379" });
 * for (const worker of await registry.active()) console.log(worker.id, worker.state);
 */
export function createRegistry(options: RegistryOptions = {}): Registry {
  const resolved = resolveRegistryOptions(options);
  return resolved.redis === undefined
    ? new MemoryRegistry(resolved)
    : new RedisRegistry(resolved, resolved.redis);
}
