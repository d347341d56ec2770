import { sentinelForTests } from "@imgq/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe } from "vitest";
import { redisBench } from "./conformance/redis-bench.ts";
import { describeQueue } from "./conformance/suite.ts";

const redis = sentinelForTests();
let admin: Redis;

beforeAll(() => {
  admin = new Redis(redis.group.source);
});

afterAll(() => admin.disconnect());

describe("a queue behind Redis Sentinel", () => {
  describeQueue(
    redisBench(
      () => redis.group.source,
      () => admin.keys("*"),
    ),
  );
});
