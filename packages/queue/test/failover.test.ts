import { createQueue, type Queue } from "@imgq/queue";
import { redisForTests } from "@imgq/testing";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { claimOne } from "./conformance/bench.ts";

const redis = redisForTests();
let admin: Redis;
let queue: Queue;

beforeAll(() => {
  admin = new Redis(redis.url);
});
afterAll(() => admin.disconnect());
beforeEach(() => {
  queue = createQueue({ name: "failover", redis: redis.url, backoff: "none" });
});
afterEach(async () => {
  await queue.close();
  await admin.flushall();
});

/** What a replica has that takes over without the writes that follow. Returns what makes it so. */
async function replicate(): Promise<() => Promise<void>> {
  const keys = await admin.keys("*");
  const values = await Promise.all(keys.map((key) => admin.dumpBuffer(key)));
  return async () => {
    await admin.flushall();
    for (const [index, key] of keys.entries()) await admin.restore(key, 0, values[index] ?? "");
  };
}

describe("a queue whose primary was replaced by a replica that had not seen the last claim", () => {
  it("takes no result of the forgotten claim for one of the claim that got the same token", async () => {
    await queue.add("earlier");
    await queue.complete(await claimOne(queue, "w1"));
    await queue.add("work", { id: "t" });
    const takeOver = await replicate();
    const forgotten = await claimOne(queue, "w1");
    await takeOver();
    const current = await claimOne(queue, "w2");
    expect(current).toMatchObject({ id: "t", token: forgotten.token });
    expect(await queue.complete(forgotten, "of w1")).toBe("lease-lost");
    expect(await queue.fail(forgotten, new Error("of w1"))).toBe("lease-lost");
    expect(await queue.release(forgotten)).toBe("lease-lost");
    expect(await queue.complete(current, "of w2")).toBe("ok");
    expect(await queue.get("t")).toMatchObject({ state: "completed", result: "of w2", worker: "w2" });
  });
});
