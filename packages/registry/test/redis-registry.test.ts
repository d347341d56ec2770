import { openSource, RedisConnection } from "@imgq/core/redis";
import { createRegistry, type Registry } from "@imgq/registry";
import { redisForTests, seedForTests, startFaultProxy } from "@imgq/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { metadata, vitals } from "./builders.ts";
import { describeRegistry } from "./registry-conformance.ts";

const redis = redisForTests();

describeRegistry("Redis", () => redis.url);

describe("a registry behind a bad network", () => {
  const random = seedForTests();

  it("carries each command once and in order though one in ten replies is lost", async () => {
    const proxy = await startFaultProxy({ targetPort: redis.server.port, random });
    const sender = createRegistry({ redis: redis.url });
    const worker = createRegistry({ redis: proxy.url, deadlineMs: 20_000 });
    proxy.set({ loseReply: 0.1 });
    try {
      await worker.register("one", metadata());
      const received: number[] = [];
      const expected: number[] = [];
      for (let sent = 1; proxy.lostReplies < 3 && sent <= 500; sent += 1) {
        expected.push(sent);
        await sender.send("one", { type: "set-concurrency", concurrency: sent });
        for (const command of await worker.heartbeat("one", vitals())) {
          if (command.type === "set-concurrency") received.push(command.concurrency);
        }
      }
      proxy.set({});
      for (const command of await worker.heartbeat("one")) {
        if (command.type === "set-concurrency") received.push(command.concurrency);
      }
      expect(received).toEqual(expected);
      expect(proxy.lostReplies).toBeGreaterThan(0);
    } finally {
      await sender.clear();
      await Promise.all([sender.close(), worker.close()]);
      await proxy.stop();
    }
  });

  it("queues a command once though the replies to its sender are lost", async () => {
    const proxy = await startFaultProxy({ targetPort: redis.server.port, random });
    const sender = createRegistry({ redis: proxy.url, deadlineMs: 20_000 });
    const worker = createRegistry({ redis: redis.url });
    try {
      await worker.register("one", metadata());
      proxy.set({ loseReply: 0.1 });
      const sent: number[] = [];
      // Fewer than may wait for one worker.
      while (proxy.lostReplies < 2 && sent.length < 90) {
        sent.push(sent.length + 1);
        await sender.send("one", { type: "set-concurrency", concurrency: sent.length });
      }
      expect(await worker.heartbeat("one")).toEqual(
        sent.map((concurrency) => ({ type: "set-concurrency", concurrency })),
      );
      expect(proxy.lostReplies).toBeGreaterThan(0);
    } finally {
      await worker.clear();
      await Promise.all([sender.close(), worker.close()]);
      await proxy.stop();
    }
  });
});

describe("the registry's keys in Redis", () => {
  let now: number;
  let registry: Registry;
  let connection: RedisConnection;

  beforeEach(() => {
    now = 1_000_000_000_000;
    registry = createRegistry({ redis: redis.url, now: () => now });
    connection = new RedisConnection({ source: redis.url, name: "test" });
  });

  afterEach(async () => {
    await registry.clear();
    const keys = await connection.call("keys", (client) => client.keys("*"));
    await registry.close();
    await connection.close();
    expect(keys).toEqual([]);
  });

  it("tell a person with redis-cli everything in whole words", async () => {
    await registry.register("one", metadata());
    await registry.heartbeat("one", vitals());
    const hash = await connection.call("hgetall", (client) => client.hgetall("imgq:{registry}:worker:one"));
    expect(hash).toMatchObject({
      id: "one",
      state: "running",
      hostname: "here",
      queues: '["images"]',
      completed: "1",
      busySlots: "1",
      lastBeatAt: String(now),
    });
    expect(await connection.call("ttl", (client) => client.ttl("imgq:{registry}:worker:one"))).toBe(86_400);
  });

  it("hand a command out again to a beat that has not seen it, and drop it once seen", async () => {
    await registry.register("one", metadata());
    await registry.send("one", { type: "quiet" });
    await registry.heartbeat("one");
    // Another registry object stands for a program that never got the reply to that beat.
    const other = createRegistry({ redis: redis.url, now: () => now });
    expect(await other.heartbeat("one")).toEqual([{ type: "quiet" }]);
    await other.close();
    await registry.heartbeat("one");
    expect(await connection.call("exists", (client) => client.exists("imgq:{registry}:commands:one"))).toBe(
      0,
    );
  });

  it("ignore a command that only a newer version knows, and what is no command", async () => {
    await registry.register("one", metadata());
    await connection.call("rpush", (client) =>
      client.rpush("imgq:{registry}:commands:one", '1 {"type":"dance"}', "2 not json"),
    );
    await connection.call("hset", (client) =>
      client.hset("imgq:{registry}:worker:one", "commandSequence", 2),
    );
    await registry.send("one", { type: "resume" });
    expect(await registry.heartbeat("one")).toEqual([{ type: "resume" }]);
  });

  it("count nobody out for an outage until one timeout after the first beat", async () => {
    await registry.register("dead-before", metadata());
    now += 8000;
    for (const id of ["one", "two"]) await registry.register(id, metadata());
    for (const id of ["one", "two"]) await registry.heartbeat(id);
    now += 60_000;
    await registry.heartbeat("one");
    now += 4000;
    await registry.heartbeat("one");
    expect((await registry.active()).map(({ id }) => id)).toEqual(["two", "one"]);
    expect((await registry.cleanup()).map(({ id }) => id)).toEqual(["dead-before"]);
    now += 1001;
    expect((await registry.dead()).map(({ id }) => id)).toEqual(["two"]);
  });

  it("take beats and farewells when Redis' memory is full", async () => {
    await registry.register("one", metadata());
    await connection.call("config", (client) => client.config("SET", "maxmemory", "1"));
    try {
      await registry.heartbeat("one", vitals());
      await registry.declareDead("one", "out of memory");
    } finally {
      await connection.call("config", (client) => client.config("SET", "maxmemory", "0"));
    }
    expect((await registry.dead())[0]?.end?.reason).toBe("out of memory");
  });

  it("are found again by a registry opened from the description of the first", async () => {
    await registry.register("one", metadata());
    const description = structuredClone(registry.connection());
    if (description === undefined) throw new Error("A registry in Redis can be described.");
    const { source, ...options } = description;
    const copy = createRegistry({ ...options, redis: openSource(source), now: () => now });
    expect((await copy.active()).map(({ id }) => id)).toEqual(["one"]);
    await copy.close();
  });
});
