import { createQueue, type Queue } from "@imgq/queue";
import { redisForTests } from "@imgq/testing";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

const redis = redisForTests();
let admin: Redis;
let queue: Queue<unknown, unknown>;

beforeAll(() => {
  admin = new Redis(redis.url);
});
afterAll(() => admin.disconnect());
beforeEach(() => {
  queue = createQueue({ name: "hostile", redis: redis.url, backoff: "none", maxCrashes: 0 });
});
afterEach(async () => {
  await queue.close();
  await admin.flushall();
});

const fine = { state: "pending", payload: "1", attempt: 0, maxRetries: 3, addedAt: 1 };

/** What somebody with redis-cli may leave at a task's key. */
const malformed: readonly [string, (key: string) => Promise<unknown>][] = [
  ["a text", (key) => admin.set(key, "rubbish")],
  ["a list", (key) => admin.rpush(key, "rubbish")],
  ["a hash without a state", (key) => admin.hset(key, "payload", "{}")],
  ["no payload", (key) => admin.hset(key, { state: "pending", attempt: 0, maxRetries: 3, addedAt: 1 })],
  [
    "an attempt that is no number",
    (key) => admin.hset(key, { state: "pending", payload: "1", attempt: "x", maxRetries: 3, addedAt: 1 }),
  ],
  [
    "a negative maxRetries",
    (key) => admin.hset(key, { state: "pending", payload: "1", attempt: 0, maxRetries: -1, addedAt: 1 }),
  ],
  ["a timeout that is no number", (key) => admin.hset(key, { ...fine, timeoutMs: "soon" })],
  ["crashes without end", (key) => admin.hset(key, { ...fine, crashes: "inf" })],
  [
    "a payload that is not JSON",
    (key) => admin.hset(key, { state: "pending", payload: "{oops", attempt: 0, maxRetries: 3, addedAt: 1 }),
  ],
];

describe("a queue whose Redis was written to by hand", () => {
  it.each(malformed)("moves %s to the dead letters as invalid input and goes on", async (_, write) => {
    await write("imgq:{hostile}:task:bad");
    await admin.lpush("imgq:{hostile}:pending:normal", "bad");
    await queue.add("good", { id: "good" });
    const claims = await queue.claim({ worker: "w1", limit: 10 });
    expect(claims.map((claim) => claim.id)).toEqual(["good"]);
    expect(await queue.get("bad")).toMatchObject({ state: "dead", deadReason: "invalid-input" });
    const dead = await queue.deadLetters({ reason: "invalid-input" });
    expect(dead.items.map((task) => task.id)).toEqual(["bad"]);
    expect(dead.items[0]?.lastError?.message).toMatch(/malformed|not JSON/);
    expect(await queue.counts()).toMatchObject({ pending: 0, processing: 1, dead: 1 });
    expect(await queue.purge("dead")).toBe(1);
    expect(await admin.exists("imgq:{hostile}:task:bad")).toBe(0);
  });

  it.each(["nan", "inf", "-inf", "1.5", "soon", "1e300"])(
    "claims and completes a task due at %s",
    async (dueAt) => {
      await admin.hset("imgq:{hostile}:task:odd", { ...fine, dueAt });
      await admin.lpush("imgq:{hostile}:pending:normal", "odd");
      const [claim] = await queue.claim({ worker: "w1" });
      if (claim === undefined) throw new Error("not claimed");
      expect(await queue.complete(claim)).toBe("ok");
      expect((await queue.stats()).counts).toMatchObject({ pending: 0, processing: 0, completed: 1 });
    },
  );

  it("hands out tasks under their own ids and numbers, whatever is written in those beside them", async () => {
    const odd = ['say "hello"', "with a space", "back\\slash", "line\nbreak", "nul\u0000", '"],["', "größe"];
    for (const [index, id] of odd.entries()) {
      await admin.hset(`imgq:{hostile}:task:${id}`, { ...fine, payload: `"${index}"`, attempt: index % 3 });
      await admin.lpush("imgq:{hostile}:pending:normal", id);
    }
    const claims = await queue.claim({ worker: "w1", limit: 10 });
    expect(claims.map(({ id, payload, attempt }) => ({ id, payload, attempt }))).toEqual(
      odd.map((id, index) => ({ id, payload: String(index), attempt: (index % 3) + 1 })),
    );
    for (const claim of claims) expect(await queue.complete(claim)).toBe("ok");
  });

  it("keeps a payload with __proto__ from reaching any prototype", async () => {
    await admin.hset("imgq:{hostile}:task:p", {
      state: "pending",
      payload: '{"\\u005f_proto__":{"polluted":1},"a":{"__proto__":{"polluted":1}}}',
      attempt: 0,
      maxRetries: 3,
      addedAt: 1,
    });
    await admin.lpush("imgq:{hostile}:pending:normal", "p");
    const [claim] = await queue.claim({ worker: "w1" });
    expect(claim?.payload).toEqual({ a: {} });
    expect(Reflect.get(Object.assign({}, claim?.payload), "polluted")).toBeUndefined();
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it("reads any hash without failing", async () => {
    await admin.hset("imgq:{hostile}:task:odd", {
      state: "flying",
      payload: "nonsense",
      attempt: "many",
      progress: "[]",
      attempts: '{"attempt":1}\nnonsense\n[]\nnull',
      lastError: '"text"',
      deadReason: "boredom",
      priority: "urgent",
    });
    expect(await queue.get("odd")).toMatchObject({ id: "odd", attempt: 0, attempts: [], priority: "normal" });
    expect(await queue.get("odd")).not.toHaveProperty("lastError");
  });

  it("forgets ids whose tasks are gone", async () => {
    await admin.lpush("imgq:{hostile}:pending:normal", "ghost1", "ghost2");
    await admin.zadd("imgq:{hostile}:scheduled", 1, "ghost3");
    await admin.zadd("imgq:{hostile}:dead", 1, "ghost4");
    await queue.add("good", { id: "good" });
    expect((await queue.claim({ worker: "w1", limit: 5 })).map((claim) => claim.id)).toEqual(["good"]);
    expect((await queue.list("dead")).items).toEqual([]);
    expect(await queue.redrive("all")).toBe(0);
    expect(await queue.purge("dead")).toBe(0);
    expect(await admin.exists("imgq:{hostile}:dead", "imgq:{hostile}:scheduled")).toBe(0);
    expect((await queue.counts()).pending).toBe(0);
  });

  it("survives a rewritten entry of the processing tasks", async () => {
    await queue.addMany([
      { payload: 1, id: "a" },
      { payload: 2, id: "b" },
    ]);
    const claims = await queue.claim({ worker: "w1", limit: 2 });
    await admin.hset("imgq:{hostile}:processing", "a", "nonsense");
    await admin.set("imgq:{hostile}:task:b", "a text now");
    expect(await Promise.all(claims.map((claim) => queue.complete(claim)))).toEqual(["lease-lost", "ok"]);
    expect(await queue.recover()).toMatchObject({ dead: 1 });
    expect(await queue.counts()).toMatchObject({ processing: 0, dead: 2 });
  });
});
