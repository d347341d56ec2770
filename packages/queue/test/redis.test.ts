import { createQueue, type Queue } from "@imgq/queue";
import { redisForTests } from "@imgq/testing";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect } from "vitest";
import { virtualClock } from "./conformance/bench.ts";
import { describeQueue } from "./conformance/suite.ts";

const redis = redisForTests();
const open: Queue[] = [];
let admin: Redis;
let names = 0;

beforeAll(() => {
  admin = new Redis(redis.url);
});

afterAll(() => admin.disconnect());

afterEach(async () => {
  for (const queue of open.splice(0)) {
    await queue.clear();
    await queue.close();
  }
  // A series more than two hours old by the virtual clock is left to its TTL.
  const left = await admin.keys("*");
  expect(left.filter((key) => !key.includes(":series:"))).toEqual([]);
});

describe("a queue in Redis", () => {
  describeQueue({
    open: (options = {}) => {
      const clock = virtualClock();
      names += 1;
      const queue = createQueue({
        name: `test${names}`,
        redis: redis.url,
        backoff: "none",
        leaseMs: 1000,
        now: clock.now,
        ...options,
      });
      open.push(queue);
      return { queue, clock };
    },
  });
});
