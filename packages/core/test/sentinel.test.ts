import { defineScript, RedisConnection, RedisTimeoutError } from "@imgq/core/redis";
import { sentinelForTests } from "@imgq/testing";
import { Redis } from "ioredis";
import { afterEach, describe, expect, it } from "vitest";

const harness = sentinelForTests({ replicas: 2, sentinels: 3 });
const open: RedisConnection[] = [];

function connect(deadlineMs: number): RedisConnection {
  const connection = new RedisConnection({ source: harness.group.source, name: "test", deadlineMs });
  open.push(connection);
  return connection;
}

afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

const append = defineScript("append", "return redis.call('RPUSH', KEYS[1], ARGV[1])");

/** Milliseconds until a script is accepted again, calling with the given deadline as a worker would. */
async function untilAccepted(connection: RedisConnection): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    try {
      await append.run(connection, ["{q}:list"], ["x"]);
      return performance.now() - startedAt;
    } catch (error) {
      if (!(error instanceof RedisTimeoutError)) throw error;
      if (performance.now() - startedAt > 30_000) throw error;
    }
  }
}

describe("a Redis connection under sentinels", () => {
  it("follows an ordered failover without an error within its deadline", async () => {
    const connection = connect(10_000);
    await append.run(connection, ["{q}:list"], ["x"]);
    const before = await harness.group.primary();
    const handingOver = harness.group.failover();
    let written = 0;
    let over = false;
    void handingOver.finally(() => {
      over = true;
    });
    while (!over) {
      await append.run(connection, ["{q}:list"], ["x"]);
      written += 1;
    }
    await handingOver;
    expect(written).toBeGreaterThan(0);
    expect((await harness.group.primary()).port).not.toBe(before.port);
  });

  it("leaves a primary that was replaced, though that one goes on taking writes", async () => {
    const connection = connect(10_000);
    const answering = async (): Promise<number> => {
      const server = await connection.call("INFO", (client) => client.info("server"));
      return Number(/tcp_port:(\d+)/.exec(server)?.[1]);
    };
    const before = await harness.group.primary();
    expect(await answering()).toBe(before.port);
    await harness.group.failover();
    const { port } = await harness.group.primary();
    // Only some ten seconds later would the sentinels make a replica of it, which refuses writes.
    await expect.poll(answering, { timeout: 4000, interval: 50 }).toBe(port);
    const demoted = new Redis(before.port);
    expect(await demoted.role()).toContain("master");
    demoted.disconnect();
  });

  it("is answered by the new primary within 15 seconds of the old one freezing", async () => {
    const connection = connect(2000);
    await append.run(connection, ["{q}:list"], ["x"]);
    const before = await harness.group.primary();
    before.process.kill("SIGSTOP");
    try {
      expect(await untilAccepted(connection)).toBeLessThan(15_000);
      expect((await harness.group.primary()).port).not.toBe(before.port);
    } finally {
      before.process.kill("SIGCONT");
    }
  });

  it("passes over a sentinel that is frozen", async () => {
    const [first] = harness.group.sentinels;
    first?.freeze();
    try {
      const connection = connect(5000);
      expect(await append.run(connection, ["{q}:list"], ["x"])).toBeGreaterThan(0);
      expect(connection.replacements).toBe(0);
    } finally {
      first?.thaw();
    }
  });

  it("waits while all sentinels are frozen and leaves nothing running when it is closed", async () => {
    for (const sentinel of harness.group.sentinels) sentinel.freeze();
    try {
      const before = process.getActiveResourcesInfo().length;
      const connection = connect(500);
      await expect(append.run(connection, ["{q}:list"], ["x"])).rejects.toBeInstanceOf(RedisTimeoutError);
      await connection.close();
      await expect
        .poll(() => process.getActiveResourcesInfo().length, { timeout: 10_000 })
        .toBeLessThanOrEqual(before);
    } finally {
      for (const sentinel of harness.group.sentinels) sentinel.thaw();
    }
  });
});
