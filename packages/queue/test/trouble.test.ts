import { RedisTimeoutError } from "@imgq/core/redis";
import {
  type Claim,
  createQueue,
  DurabilityError,
  type Queue,
  QueueFullError,
  type QueueOptions,
} from "@imgq/queue";
import { eventually, redisProcessForTests, seededRandom, startFaultProxy } from "@imgq/testing";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

const server = redisProcessForTests();
const open: Queue[] = [];
let admin: Redis;

beforeAll(() => {
  admin = new Redis(server.redis.url);
});
afterAll(() => admin.disconnect());
afterEach(async () => {
  for (const queue of open.splice(0)) await queue.close();
  await admin.config("SET", "maxmemory", "0");
  await admin.flushall();
});

function openQueue(options: Partial<QueueOptions> = {}): Queue<unknown, unknown> {
  const queue = createQueue({ name: "trouble", redis: server.redis.url, backoff: "none", ...options });
  open.push(queue);
  return queue;
}

async function claimOne(queue: Queue<unknown, unknown>, worker = "w1"): Promise<Claim<unknown>> {
  const [claim] = await queue.claim({ worker, waitMs: 10_000 });
  if (claim === undefined) throw new Error("There was nothing to claim.");
  return claim;
}

describe("a queue on a Redis in trouble", () => {
  it("accepts each result once though a third of the replies is lost and resent", async () => {
    const proxy = await startFaultProxy({ targetPort: server.redis.port, random: seededRandom(7) });
    const queue = openQueue({ redis: proxy.url, deadlineMs: 20_000 });
    try {
      await queue.counts();
      proxy.set({ loseReply: 0.3 });
      const ids = await Promise.all(
        Array.from({ length: 60 }, (_, index) => queue.add(index, { id: `t${index}` })),
      );
      expect(new Set(ids).size).toBe(60);
      const settled: string[] = [];
      while (settled.length < 60) {
        const claims = await queue.claim({ worker: "w1", limit: 7, waitMs: 1000 });
        const replies = await Promise.all(claims.map((claim) => queue.complete(claim, claim.payload)));
        expect(replies.every((reply) => reply === "ok")).toBe(true);
        settled.push(...claims.map((claim) => claim.id));
      }
      expect(new Set(settled).size).toBe(60);
      expect(proxy.lostReplies).toBeGreaterThan(3);
      expect((await queue.stats()).totals).toMatchObject({ added: 60, completed: 60, leaseLost: 0 });
      expect(await queue.counts()).toMatchObject({ pending: 0, processing: 0, completed: 60 });
    } finally {
      await proxy.stop();
    }
  });

  it("ends every call by its deadline while Redis is stopped, and leaves no task in nobody's hand", async () => {
    const queue = openQueue({ deadlineMs: 400 });
    await queue.addMany([
      { payload: 1, id: "a" },
      { payload: 2, id: "b" },
    ]);
    const held = await claimOne(queue);
    server.redis.freeze();
    try {
      const calls = [
        queue.claim({ worker: "w1" }),
        queue.complete(held, "first try"),
        queue.add(3, { id: "c" }),
        queue.beat({ worker: "w1", leaseMs: 60_000 }),
        queue.stats(),
      ];
      const startedAt = performance.now();
      const outcomes = await Promise.allSettled(calls);
      expect(performance.now() - startedAt).toBeLessThan(2000);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ status: "rejected" });
        if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(RedisTimeoutError);
      }
    } finally {
      server.redis.thaw();
    }
    // What was sent before may be executed now, in any order with what comes.
    await eventually("Redis answers", async () => (await queue.complete(held, "second try")) === "ok");
    expect(await queue.add(3, { id: "c" })).toBe("c");
    const later = await eventually("the others can be claimed", async () => {
      const claims = await queue.claim({ worker: "w1", limit: 5 });
      for (const claim of claims) expect(await queue.complete(claim)).toBe("ok");
      return (await queue.counts()).completed === 3;
    });
    expect(later).toBe(true);
    expect(await queue.counts()).toMatchObject({ pending: 0, processing: 0 });
  });

  it("wakes idle workers again after Redis was killed and came back", async () => {
    const queue = openQueue();
    const waiting = queue.claim({ worker: "w1", waitMs: 25_000 });
    await eventually("the worker is idle", async () => (await admin.zcard("imgq:{trouble}:idle")) === 1);
    await server.redis.kill();
    await server.redis.restart();
    await queue.add("after the crash");
    const outcome = await waiting.catch((error: unknown) => error);
    if (outcome instanceof Error) expect(await claimOne(queue)).toMatchObject({ payload: "after the crash" });
    else expect(outcome).toMatchObject([{ payload: "after the crash" }]);
  });

  it("works while the script cache is flushed all the time", async () => {
    const queue = openQueue();
    let flushing = true;
    const flusher = (async () => {
      while (flushing) await admin.script("FLUSH");
    })();
    for (let round = 0; round < 20; round += 1) {
      await queue.addMany([{ payload: round }, { payload: round }]);
      const claims = await queue.claim({ worker: "w1", limit: 2 });
      expect(await Promise.all(claims.map((claim) => queue.complete(claim)))).toEqual(["ok", "ok"]);
    }
    flushing = false;
    await flusher;
  });

  it("refuses to add when memory is full, finishes what runs, and adds again when there is room", async () => {
    const queue = openQueue();
    await queue.addMany(Array.from({ length: 20 }, (_, index) => ({ payload: index })));
    const [good, bad, later] = await queue.claim({ worker: "w1", limit: 3 });
    if (good === undefined || bad === undefined || later === undefined) throw new Error("three were there");
    await admin.config("SET", "maxmemory", "1");
    await expect(queue.add("more")).rejects.toBeInstanceOf(QueueFullError);
    await expect(queue.addMany([{ payload: "more" }])).rejects.toMatchObject({ code: "IMGQ_QUEUE_FULL" });
    expect(await queue.complete(good, "done")).toBe("ok");
    expect(await queue.fail(bad, new Error("no"))).toBe("ok");
    expect(await queue.release(later)).toBe("ok");
    expect(await queue.beat({ worker: "w1", leaseMs: 1000 })).toEqual({ lost: [], cancelled: [] });
    expect(await queue.claim({ worker: "w1", limit: 2 })).toHaveLength(2);
    expect((await queue.recover()).lost).toBe(0);
    await admin.config("SET", "maxmemory", "0");
    await queue.add("more");
  });

  it("says when a task is stored but not as durably as asked for", async () => {
    const queue = openQueue({ deadlineMs: 1200 });
    const adding = queue.add("precious", { id: "p", durability: "replicated" });
    await expect(adding).rejects.toMatchObject({
      code: "IMGQ_NOT_DURABLE",
      ids: ["p"],
      achieved: { replicas: 0, fsynced: false },
    });
    await expect(queue.add("precious", { id: "p", durability: "fsynced" })).rejects.toBeInstanceOf(
      DurabilityError,
    );
    expect(await queue.get("p")).toMatchObject({ state: "pending" });
  });
});

describe("idle workers", () => {
  it("are woken one an add", async () => {
    const queue = openQueue();
    const abort = new AbortController();
    const claims = ["w1", "w2", "w3"].map((worker) =>
      queue.claim({ worker, waitMs: 30_000, signal: abort.signal }),
    );
    await eventually("all are idle", async () => (await admin.zcard("imgq:{trouble}:idle")) === 3);
    await queue.add("one");
    expect((await Promise.race(claims)).map((claim) => claim.payload)).toEqual(["one"]);
    expect(await admin.zcard("imgq:{trouble}:idle")).toBe(2);
    abort.abort();
    expect((await Promise.all(claims)).flat()).toHaveLength(1);
    expect(await admin.zcard("imgq:{trouble}:idle")).toBe(0);
  });

  it("sleep until the next task is due", async () => {
    const queue = openQueue();
    const waiting = queue.claim({ worker: "w1", waitMs: 30_000 });
    await eventually("the worker is idle", async () => (await admin.zcard("imgq:{trouble}:idle")) === 1);
    const addedAt = performance.now();
    await queue.add("soon", { delayMs: 150 });
    expect(await waiting).toHaveLength(1);
    const tookMs = performance.now() - addedAt;
    expect(tookMs).toBeGreaterThan(140);
    expect(tookMs).toBeLessThan(3000);
  });

  it("cost Redis less than five commands a second", async () => {
    const queue = openQueue();
    await queue.claim({ worker: "w1", waitMs: 50 });
    await admin.config("RESETSTAT");
    const idleMs = 3000;
    for (const started = performance.now(); performance.now() - started < idleMs; ) {
      expect(await queue.claim({ worker: "w1", waitMs: idleMs / 3 })).toEqual([]);
      await queue.beat({ worker: "w1", leaseMs: 4000 });
    }
    const sent = [
      ...(await admin.info("commandstats")).matchAll(/cmdstat_(?:evalsha|eval|blpop):calls=(\d+)/g),
    ];
    const commands = sent.reduce((sum, [, calls]) => sum + Number(calls), 0);
    expect(commands).toBeGreaterThan(3);
    expect(commands).toBeLessThan((5 * idleMs) / 1000);
  });
});
