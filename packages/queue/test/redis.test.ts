import { redisForTests } from "@imgq/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe } from "vitest";
import { redisBench } from "./conformance/redis-bench.ts";
import { describeQueue } from "./conformance/suite.ts";

const redis = redisForTests();
let admin: Redis;

beforeAll(() => {
  admin = new Redis(redis.url);
});

afterAll(() => admin.disconnect());

describe("a queue in Redis", () => {
  describeQueue(
    redisBench(
      () => redis.url,
      () => admin.keys("*"),
    ),
  );
});
