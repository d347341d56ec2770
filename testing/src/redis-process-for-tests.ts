import { afterAll, beforeAll } from "vitest";
import { type RedisProcess, type RedisProcessOptions, startRedisProcess } from "./redis-process.ts";

/** A fresh {@link RedisProcess} for the tests of one file. Read it inside tests only. */
export function redisProcessForTests(options: RedisProcessOptions = {}): { readonly redis: RedisProcess } {
  let redis: RedisProcess | undefined;
  beforeAll(async () => {
    redis = await startRedisProcess(options);
  });
  afterAll(async () => {
    await redis?.stop();
  });
  return {
    get redis() {
      if (redis === undefined)
        throw new Error("The Redis of this file runs only inside its tests and hooks.");
      return redis;
    },
  };
}
