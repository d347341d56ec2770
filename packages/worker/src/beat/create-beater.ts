import { type PortableSource, portableSource } from "@imgq/core/redis";
import type { Beater, BeaterOptions } from "./beater.ts";
import { createMainLoopBeater } from "./main-loop-beater.ts";
import { ThreadBeater } from "./thread-beater.ts";

/** A thread for tasks in Redis; the main loop for tasks in memory, and where the way to Redis cannot be told to a thread. */
export function createBeater(options: BeaterOptions): Beater {
  const { redis } = options.queue;
  if (redis === undefined) return createMainLoopBeater(options);
  let source: PortableSource;
  try {
    source = portableSource(redis);
  } catch (error) {
    options.log.warn("Beating on the main loop: a handler that blocks it will lose its lease", { error });
    return createMainLoopBeater(options);
  }
  return new ThreadBeater(options, source);
}
