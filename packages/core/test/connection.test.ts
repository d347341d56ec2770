import { createLogger } from "@imgq/core";
import {
  defineScript,
  RedisClosedError,
  RedisConnection,
  RedisTimeoutError,
  scriptTimes,
} from "@imgq/core/redis";
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

  it("knows how long each script took", async () => {
    const connection = connect();
    const script = defineScript("test sleepy", "return redis.call('PING')");
    for (let call = 1; call <= 4; call += 1) await script.run(connection, [], []);
    const [times] = scriptTimes().filter(({ name }) => name === "test sleepy");
    // The first one had to send the text.
    expect(times).toMatchObject({ calls: 3, totalMs: expect.any(Number) });
    expect(times?.counts.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(times?.totalMs).toBeGreaterThan(0);
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

  it("refuses a database that the server has not got, instead of using another", async () => {
    const nowhere = new RedisConnection({ source: `${redis.url}/99`, name: "nowhere" });
    open.push(nowhere);
    const ping = (): Promise<unknown> => nowhere.call("ping", (client) => client.ping());
    for (const outcome of await Promise.allSettled([ping(), ping()])) {
      expect(outcome).toMatchObject({ reason: { code: "IMGQ_REDIS_REFUSED", command: "database 99" } });
    }
    // Each later call asks again, as the server may have been configured anew, and none waits for its deadline.
    await expect(ping()).rejects.toThrow(
      /^Redis refused database 99: ERR DB index is out of range\. Name one that the server has: 0 to 15/,
    );
    const there = new RedisConnection({ source: `${redis.url}/3`, name: "there" });
    open.push(there);
    await there.call("set", (client) => client.set("in-three", 1));
    expect(await connect().call("get", (client) => client.get("in-three"))).toBeNull();
  });

  it("says that a password is wanted, also when another database is", async () => {
    const admin = connect();
    await admin.call("config", (client) => client.config("SET", "requirepass", "secret"));
    const guest = new RedisConnection({ source: `${redis.url}/3`, name: "guest" });
    open.push(guest);
    try {
      await expect(guest.call("ping", (client) => client.ping())).rejects.toThrow(/NOAUTH.*password/);
    } finally {
      await admin.call("config", (client) => client.config("SET", "requirepass", ""));
    }
  });

  it("rejects calls after close", async () => {
    const connection = connect();
    await connection.close();
    await expect(connection.call("ping", (client) => client.ping())).rejects.toBeInstanceOf(RedisClosedError);
  });
});
