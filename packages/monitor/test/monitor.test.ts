import { createMonitor, type Monitor } from "@imgq/monitor";
import { createQueue, type Queue } from "@imgq/queue";
import { createRegistry, type Registry } from "@imgq/registry";
import { eventually, redisProcessForTests } from "@imgq/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { workerRecord } from "./builders.ts";
import { promtoolCheck } from "./promtool-check.ts";

const server = redisProcessForTests({ args: ["--appendonly", "yes"] });
let queue: Queue;
let registry: Registry;
let monitor: Monitor;

beforeAll(() => {
  const redis = server.redis.url;
  queue = createQueue({ name: "images", redis });
  registry = createRegistry({ redis });
  monitor = createMonitor({ queues: [queue], registry });
});
beforeEach(async () => {
  await queue.clear();
  await registry.clear();
});
afterAll(async () => {
  await Promise.all([monitor.close(), queue.close(), registry.close()]);
});

async function completeOne(): Promise<void> {
  const [claim] = await queue.claim({ worker: "worker-1" });
  if (claim === undefined) throw new Error("Nothing to claim.");
  await queue.complete(claim, {});
}

describe("a snapshot", () => {
  it("shows queues, workers and Redis", async () => {
    const { metadata, vitals } = workerRecord();
    await registry.register("worker-1", metadata);
    await registry.heartbeat("worker-1", vitals);
    await queue.addMany([{ payload: 1 }, { payload: 2 }, { payload: 3 }, { payload: 4, delayMs: 60_000 }]);
    await completeOne();
    const snapshot = await monitor.snapshot();
    expect(snapshot.redis).toMatchObject({
      reachable: true,
      version: expect.stringMatching(/^\d+\.\d+/),
      policy: "noeviction",
      role: "master",
      appendOnly: true,
    });
    const [images] = snapshot.queues;
    expect(images).toMatchObject({
      name: "images",
      stale: false,
      backlog: 2,
      counts: { pending: 2, scheduled: 1, completed: 1 },
      totals: { added: 4, completed: 1 },
    });
    expect(images?.etaMs).toBeGreaterThan(0);
    expect(images?.oldestPendingAgeMs).toBeGreaterThanOrEqual(0);
    expect(snapshot.workers).toMatchObject({
      alive: 1,
      slots: 2,
      busySlots: 1,
      stale: false,
      byState: { running: 1, dead: 0 },
    });
    const text = await monitor.prometheus();
    expect(promtoolCheck(text)).toEqual([]);
    expect(text).toMatch(/imgq_script_seconds_count\{script="queue cycle"\} [1-9]/);
  });

  it("tells when a queue last moved", async () => {
    await queue.addMany([{ payload: 1 }, { payload: 2 }]);
    const since = async (): Promise<number> => (await monitor.snapshot()).queues[0]?.sinceProgressMs ?? -1;
    await since();
    await eventually("it stands still", async () => (await since()) > 100);
    await completeOne();
    expect(await since()).toBe(0);
  });

  it("shows workers that left, apart from those that are registered", async () => {
    const { metadata } = workerRecord();
    await registry.register("gone", metadata);
    await registry.unregister("gone", "deployed");
    const { workers } = await monitor.snapshot();
    expect(workers).toMatchObject({
      alive: 0,
      list: [],
      ended: [{ id: "gone", end: { reason: "deployed" } }],
    });
  });

  it("is shared by those who ask at once", async () => {
    const snapshots = await Promise.all([monitor.snapshot(), monitor.snapshot(), monitor.snapshot()]);
    expect(new Set(snapshots).size).toBe(1);
  });

  it("does not take a refused INFO for an outage", async () => {
    const admin = new Redis(server.redis.url);
    await admin.call("ACL", "SETUSER", "worker", "on", ">secret", "~*", "&*", "+@all", "-info");
    const url = new URL(server.redis.url);
    const limited = createMonitor({ queues: [], redis: `redis://worker:secret@${url.host}` });
    expect((await limited.snapshot()).redis).toMatchObject({ reachable: true, version: "" });
    await limited.close();
    await admin.call("ACL", "DELUSER", "worker");
    admin.disconnect();
  });

  it("is one of what is in memory, when there is no Redis", async () => {
    const inMemory = createQueue({ name: "memory" });
    const small = createMonitor({ queues: [inMemory] });
    await inMemory.add(1);
    const snapshot = await small.snapshot();
    expect(snapshot.redis).toBeUndefined();
    expect(snapshot.queues).toMatchObject([{ name: "memory", backlog: 1 }]);
    expect(snapshot.queues[0]?.etaMs).toBeUndefined();
    await small.close();
    await inMemory.close();
  });
});

describe("an outage of Redis", () => {
  it.each(["freeze", "kill"] as const)(
    "by %s is told within three seconds with the last known numbers, and is over soon after",
    async (how) => {
      await queue.addMany([{ payload: 1 }, { payload: 2 }]);
      await monitor.snapshot();
      if (how === "freeze") server.redis.freeze();
      else await server.redis.kill();
      const askedAt = performance.now();
      const snapshot = await monitor.snapshot();
      expect(performance.now() - askedAt).toBeLessThan(3000);
      expect(snapshot.redis).toMatchObject({
        reachable: false,
        error: { message: expect.any(String) },
        since: snapshot.at,
      });
      expect(snapshot.queues).toMatchObject([
        { name: "images", stale: true, backlog: 2, sinceProgressMs: 0 },
      ]);
      expect(snapshot.workers.stale).toBe(true);
      const text = await monitor.prometheus();
      expect(promtoolCheck(text)).toEqual([]);
      expect(text).toContain("imgq_redis_up 0\n");
      expect(await monitor.backlog()).toMatchObject({ fresh: false });
      if (how === "freeze") server.redis.thaw();
      else await server.redis.restart();
      await eventually("it is over", async () => {
        const { redis, queues } = await monitor.snapshot();
        return redis?.reachable === true && queues[0]?.stale === false;
      });
    },
  );
});
