import { defineScript, RedisConnection, RedisTimeoutError } from "@imgq/core/redis";
import { clusterForTests } from "@imgq/testing";
import type { Cluster } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

const harness = clusterForTests({ nodes: 3 });
const open: RedisConnection[] = [];
let template: Cluster;

beforeAll(() => {
  template = harness.cluster.connect();
});
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});
afterAll(() => template.disconnect());

function connect(deadlineMs: number): RedisConnection {
  const connection = new RedisConnection({ source: template, name: "test", deadlineMs });
  open.push(connection);
  return connection;
}

const append = defineScript(
  "append",
  "redis.call('INCR', KEYS[2]); return redis.call('RPUSH', KEYS[1], ARGV[1])",
);
const keys = ["{q}:list", "{q}:count"];

describe("a Redis connection to a cluster", () => {
  it("runs a script whose keys share a hash tag on the node that owns them, after SCRIPT FLUSH too", async () => {
    const connection = connect(5000);
    await append.run(connection, keys, ["a"]);
    await Promise.all(template.nodes("master").map((node) => node.script("FLUSH")));
    expect(await append.run(connection, keys, ["b"])).toBe(2);
  });

  it("loses and repeats nothing while its slot moves from node to node", { timeout: 60_000 }, async () => {
    const connection = connect(10_000);
    const slot = Number(await template.cluster("KEYSLOT", "{q}:list"));
    await template.del(...keys);
    let written = 0;
    let moving = true;
    const moves = (async () => {
      for (let move = 0; move < 6 || written <= 50; move += 1) await harness.cluster.moveSlot(slot, move % 3);
      moving = false;
    })();
    while (moving) {
      await Promise.all(Array.from({ length: 5 }, () => append.run(connection, keys, ["x"])));
      written += 5;
    }
    await moves;
    expect(await template.llen("{q}:list")).toBe(written);
    expect(await template.get("{q}:count")).toBe(String(written));
  });

  it("answers within its deadline while a node is frozen, and works again after", async () => {
    const connection = connect(1000);
    const slot = Number(await template.cluster("KEYSLOT", "{q}:list"));
    await harness.cluster.moveSlot(slot, 1);
    await append.run(connection, keys, ["x"]);
    const owner = harness.cluster.nodes[1];
    owner?.process.kill("SIGSTOP");
    try {
      const startedAt = performance.now();
      await expect(append.run(connection, keys, ["x"])).rejects.toBeInstanceOf(RedisTimeoutError);
      expect(performance.now() - startedAt).toBeLessThan(3000);
    } finally {
      owner?.process.kill("SIGCONT");
    }
    expect(Number(await append.run(connection, keys, ["x"], { deadlineMs: 15_000 }))).toBeGreaterThan(0);
  });
});
