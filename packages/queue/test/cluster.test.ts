import { clusterForTests } from "@imgq/testing";
import { type Cluster, Redis } from "ioredis";
import { afterAll, beforeAll, describe } from "vitest";
import { redisBench } from "./conformance/redis-bench.ts";
import { describeQueue } from "./conformance/suite.ts";

const redis = clusterForTests();
let template: Cluster;

beforeAll(() => {
  template = redis.cluster.connect();
});

afterAll(() => template.disconnect());

async function keysOfAllNodes(): Promise<string[]> {
  const keys = redis.cluster.addresses.map(async ({ host, port }) => {
    const node = new Redis(port, host);
    try {
      return await node.keys("*");
    } finally {
      node.disconnect();
    }
  });
  return (await Promise.all(keys)).flat();
}

describe("a queue in a Redis Cluster", () => {
  describeQueue(redisBench(() => template, keysOfAllNodes));
});
