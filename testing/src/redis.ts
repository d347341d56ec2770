import { type RedisServer, type RedisServerOptions, startRedisServer } from "@imgq/cli/local-redis";
import { afterAll, beforeAll } from "vitest";

/** A redis-server for the tests of one file: started before them, ended after them. Read `.url` inside tests only. */
export function redisForTests(options: RedisServerOptions = {}): {
  readonly url: string;
  readonly server: RedisServer;
} {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    server = await startRedisServer(options);
  });
  afterAll(async () => {
    await server?.stop();
  });
  const started = (): RedisServer => {
    if (server === undefined) throw new Error("The Redis of this file runs only inside its tests and hooks.");
    return server;
  };
  return {
    get url() {
      return started().url;
    },
    get server() {
      return started();
    },
  };
}
