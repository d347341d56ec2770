import { createQueue } from "@imgq/queue";
import { redisForTests } from "@imgq/testing";
import { Redis } from "ioredis";
import { expect, it, vi } from "vitest";

const redis = redisForTests();

it("wakes a claim that began to wait while its worker still listened for the claim before", async () => {
  const queue = createQueue<string>({ name: "wake", redis: redis.url });
  expect(await queue.claim({ worker: "one", waitMs: 4000 })).toEqual([]);
  // The listener blocks for 5 s at a time: at 5.5 s the block that the first claim began is over.
  const second = queue.claim({ worker: "one", waitMs: 4000 }).then((claims) => ({ claims, at: Date.now() }));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const addedAt = Date.now();
  await queue.add("a task");
  const { claims, at } = await second;
  expect(claims).toHaveLength(1);
  expect(at - addedAt).toBeLessThan(1500);
  await queue.clear();
  await queue.close();
});

it("wakes another worker when the one that was woken takes nothing", async () => {
  const queue = createQueue<string>({ name: "passed-on", redis: redis.url });
  const client = new Redis(redis.url);
  // Redis knows the scripts from here on, so that a call is one message.
  await queue.add("a task before");
  expect(await queue.claim({ worker: "leaving" })).toHaveLength(1);
  const abort = new AbortController();
  const leaving = queue.claim({ worker: "leaving", waitMs: 4000, signal: abort.signal });
  const staying = queue.claim({ worker: "staying", waitMs: 5000 });
  await vi.waitFor(async () => expect(await client.zcard("imgq:{passed-on}:idle")).toBe(2));
  const addedAt = Date.now();
  // The one that waits shortest is woken; what it says next reaches Redis right behind the task.
  const adding = queue.add("a task");
  abort.abort();
  await adding;
  expect(await leaving).toEqual([]);
  expect(await staying).toHaveLength(1);
  expect(Date.now() - addedAt).toBeLessThan(1500);
  client.disconnect();
  await queue.clear();
  await queue.close();
});
