import { createQueue } from "@imgq/queue";
import { redisForTests } from "@imgq/testing";
import { expect, it } from "vitest";

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
