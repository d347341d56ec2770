import {
  classifyRedisError,
  defineScript,
  RedisClosedError,
  RedisConnection,
  RedisFullError,
  RedisRefusedError,
  RedisTimeoutError,
} from "@imgq/core/redis";
import { eventually, type FaultProxy, redisProcessForTests, startFaultProxy } from "@imgq/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

const harness = redisProcessForTests();
let proxy: FaultProxy;
const open: RedisConnection[] = [];

beforeAll(async () => {
  proxy = await startFaultProxy({ targetPort: harness.redis.port });
});
afterEach(async () => {
  proxy.set({});
  for (const connection of open.splice(0)) await connection.close();
});
afterAll(() => proxy.stop());

function connect(deadlineMs = 5000, url = proxy.url): RedisConnection {
  const connection = new RedisConnection({ source: url, name: "test", deadlineMs });
  open.push(connection);
  return connection;
}

const ping = (connection: RedisConnection, deadlineMs?: number): Promise<string> =>
  connection.call("ping", (client) => client.ping(), deadlineMs === undefined ? {} : { deadlineMs });

const increment = defineScript("increment", "return redis.call('INCRBY', KEYS[1], ARGV[1])");

describe("a Redis connection in a bad network", () => {
  it("sends a command again whose reply was lost", async () => {
    const connection = connect();
    await increment.run(connection, ["lost-reply"], [0]);
    proxy.set({ loseReply: 1 });
    const answer = increment.run(connection, ["lost-reply"], [1]);
    await eventually("a reply is lost", () => proxy.lostReplies > 0);
    proxy.set({});
    // At least twice: the first execution is the one whose reply was lost.
    expect(await answer).toBeGreaterThanOrEqual(2);
  });

  it("works through a network that delivers single bytes", async () => {
    proxy.set({ sliceBytes: 1 });
    const value = "x".repeat(300);
    const connection = connect();
    expect(await connection.call("echo", (client) => client.echo(value))).toBe(value);
  });

  it("answers every call while its connections are cut every few milliseconds", async () => {
    const connection = connect(10_000);
    let cut = 0;
    const cutting = setInterval(() => {
      cut += proxy.killAll();
    }, 30);
    try {
      while (cut < 10) expect(await ping(connection)).toBe("PONG");
    } finally {
      clearInterval(cutting);
    }
    expect(connection.replacements).toBe(0);
  });

  it("replaces a client whose network is dead once, however many calls time out together", async () => {
    const connection = connect(400);
    await ping(connection);
    proxy.set({ blackhole: true });
    const calls = Array.from({ length: 50 }, () => ping(connection));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(50);
    expect(connection.replacements).toBe(1);
    proxy.set({});
    expect(await ping(connection, 5000)).toBe("PONG");
  });

  it("carries a patient call over to the new client when an impatient one replaces the old", async () => {
    const connection = connect();
    await ping(connection);
    proxy.set({ blackhole: true });
    const patient = ping(connection, 10_000);
    await expect(ping(connection, 200)).rejects.toBeInstanceOf(RedisTimeoutError);
    proxy.set({});
    expect(await patient).toBe("PONG");
  });

  it("leaves no connection behind when it is replaced and closed", async () => {
    const connection = connect(200);
    proxy.set({ blackhole: true });
    for (let count = 0; count < 5; count += 1) await expect(ping(connection)).rejects.toThrow("no answer");
    expect(connection.replacements).toBe(5);
    await connection.close();
    proxy.set({});
    await eventually("all connections are gone", () => proxy.connections === 0);
  });
});

describe("a Redis connection to a Redis in trouble", () => {
  it("waits for a Redis that is down, and names the reason when its deadline passes", async () => {
    const connection = connect(400, harness.redis.url);
    await harness.redis.kill();
    await expect(ping(connection)).rejects.toThrow("ECONNREFUSED");
    const answer = ping(connection, 10_000);
    await harness.redis.restart();
    expect(await answer).toBe("PONG");
  });

  it("rejects calls under way at once when it is closed while Redis is down", async () => {
    const connection = connect(60_000, harness.redis.url);
    await harness.redis.kill();
    const answers = [ping(connection), ping(connection)];
    await connection.close();
    for (const answer of answers) await expect(answer).rejects.toBeInstanceOf(RedisClosedError);
    await harness.redis.restart();
  });

  it("waits while Redis loads its data", async () => {
    const admin = connect(5000, harness.redis.url);
    await admin.call("fill", (client) => client.eval("for i = 1, 3000 do redis.call('SET', i, i) end", 0));
    await admin.call("save", (client) => client.save());
    await harness.redis.kill();
    const startedAt = performance.now();
    const answer = increment.run(connect(30_000, harness.redis.url), ["1"], [1]);
    // Microseconds a key: the load takes more than a second, during which Redis answers LOADING.
    await harness.redis.restart([
      "--key-load-delay",
      "500",
      "--loading-process-events-interval-bytes",
      "1024",
    ]);
    expect(performance.now() - startedAt).toBeGreaterThan(1000);
    expect(await answer).toBe(2);
  });

  it("retries on a demoted primary until it is promoted again", async () => {
    const connection = connect(10_000, harness.redis.url);
    const admin = connect(5000, harness.redis.url);
    await increment.run(connection, ["demoted"], [1]);
    await admin.call("demote", (client) => client.call("REPLICAOF", "127.0.0.1", "1"));
    await expect(increment.run(connection, ["demoted"], [1], { deadlineMs: 300 })).rejects.toThrow(
      "READONLY",
    );
    const answer = increment.run(connection, ["demoted"], [1]);
    await admin.call("promote", (client) => client.call("REPLICAOF", "NO", "ONE"));
    // The call that was given up may have been executed by now, too.
    expect([2, 3]).toContain(await answer);
  });

  it("says that Redis is full when its memory or its disk is", async () => {
    const connection = connect(5000, harness.redis.url);
    const configure = (name: string, value: string): Promise<unknown> =>
      connection.call("configure", (client) => client.config("SET", name, value));
    await configure("maxmemory", "1");
    await expect(increment.run(connection, ["full"], [1])).rejects.toBeInstanceOf(RedisFullError);
    await configure("maxmemory", "0");
    await configure("min-replicas-to-write", "1");
    const refused = await increment.run(connection, ["full"], [1]).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: "IMGQ_REDIS_FULL",
      message: expect.stringContaining("NOREPLICAS"),
    });
    expect(classifyRedisError(refused)).toBe("back-pressure");
    await configure("min-replicas-to-write", "0");
    expect(await increment.run(connection, ["full"], [1])).toBe(1);
  });

  it("runs scripts while somebody flushes them all the time", async () => {
    const connection = connect(5000, harness.redis.url);
    const admin = connect(5000, harness.redis.url);
    let flushes = 0;
    const flushing = setInterval(() => {
      flushes += 1;
      admin.call("flush", (client) => client.script("FLUSH")).catch(() => {}); // closed at the end
    }, 2);
    try {
      for (let count = 1; count <= 200; count += 1) {
        expect(await increment.run(connection, ["flushed"], [1])).toBe(count);
      }
      const together = Array.from({ length: 100 }, () => increment.run(connection, ["flushed"], [1]));
      expect(Math.max(...(await Promise.all(together)).map(Number))).toBe(300);
    } finally {
      clearInterval(flushing);
    }
    expect(flushes).toBeGreaterThan(3);
  });

  it("does not dress up a refusal or a bug as an outage", async () => {
    const connection = connect(5000, harness.redis.url);
    const startedAt = performance.now();
    await expect(connection.call("nonsense", (client) => client.call("NONSENSE"))).rejects.toBeInstanceOf(
      RedisRefusedError,
    );
    const bug = new TypeError("a bug in the caller");
    await expect(
      connection.call("bug", () => {
        throw bug;
      }),
    ).rejects.toBe(bug);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it("closes with no socket and no timer left, whatever it was doing", async () => {
    const before = process.getActiveResourcesInfo().length;
    const idle = connect(5000, harness.redis.url);
    const ready = connect(5000, harness.redis.url);
    await ping(ready);
    const connecting = connect(5000, harness.redis.url);
    const answer = ping(connecting);
    const away = connect(5000, "redis://127.0.0.1:1");
    const awayAnswer = ping(away);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await Promise.all([idle, ready, connecting, away].map((connection) => connection.close()));
    await Promise.allSettled([answer, awayAnswer]);
    await eventually("nothing is left", () => process.getActiveResourcesInfo().length <= before, {
      timeoutMs: 2000,
    });
  });
});
