import { createLogger } from "@imgq/core";
import { defineScript, RedisClosedError, RedisConnection, RedisTimeoutError } from "@imgq/core/redis";
import { redisForTests } from "@imgq/testing";
import { afterEach, describe, expect, it } from "vitest";

const redis = redisForTests();
const open: RedisConnection[] = [];

function connect(deadlineMs = 5000): RedisConnection {
  const connection = new RedisConnection({ source: redis.url, name: "test", deadlineMs });
  open.push(connection);
  return connection;
}

afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

describe("a Redis connection", () => {
  it("runs a script again by its text after SCRIPT FLUSH", async () => {
    const connection = connect();
    const script = defineScript("echo", "return ARGV[1]");
    expect(await script.run(connection, [], ["one"])).toBe("one");
    await connection.call("flush", (client) => client.script("FLUSH"));
    expect(await script.run(connection, [], ["two"])).toBe("two");
  });

  it("gives up a call at its deadline while Redis is stopped, and works again with a new client afterwards", async () => {
    const connection = connect(300);
    await connection.call("ping", (client) => client.ping());
    redis.server.process.kill("SIGSTOP");
    const startedAt = performance.now();
    try {
      await expect(connection.call("ping", (client) => client.ping())).rejects.toBeInstanceOf(
        RedisTimeoutError,
      );
      expect(performance.now() - startedAt).toBeLessThan(1000);
    } finally {
      redis.server.process.kill("SIGCONT");
    }
    expect(connection.replacements).toBe(1);
    expect(await connection.call("ping", (client) => client.ping(), { deadlineMs: 5000 })).toBe("PONG");
  });

  it("says once that its client was replaced while Redis stays away", async () => {
    const lines: string[] = [];
    const log = createLogger({ level: "warn", write: (line) => lines.push(line) });
    const away = new RedisConnection({ source: "redis://127.0.0.1:1", name: "away", deadlineMs: 100, log });
    open.push(away);
    for (let call = 1; call <= 3; call += 1) {
      await expect(away.call("ping", (client) => client.ping())).rejects.toBeInstanceOf(RedisTimeoutError);
    }
    expect(away.replacements).toBe(3);
    expect(lines).toEqual([expect.stringContaining("Redis connection replaced")]);
  });

  it("rejects calls after close", async () => {
    const connection = connect();
    await connection.close();
    await expect(connection.call("ping", (client) => client.ping())).rejects.toBeInstanceOf(RedisClosedError);
  });
});
