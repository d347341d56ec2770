import { setTimeout as pause } from "node:timers/promises";
import { RedisConnection } from "@imgq/core/redis";
import { eventually, redisProcessForTests } from "@imgq/testing";
import { describe, expect, it } from "vitest";
import { fleetForTests, said } from "./fleet.ts";

const server = redisProcessForTests({ args: ["--appendonly", "yes", "--appendfsync", "always"] });
const fleet = fleetForTests(() => server.redis.url);

/** Consuming again means that a task added after the trouble is done. */
async function expectConsumption(): Promise<number> {
  const begun = performance.now();
  const id = await eventually(
    "a task is added",
    () => fleet.queue.add({ kind: "quick" }).catch(() => undefined),
    {
      timeoutMs: 20_000,
    },
  );
  expect((await fleet.queue.wait(id, { timeoutMs: 20_000 })).attempt).toBe(1);
  return performance.now() - begun;
}

describe("workers, when Redis", () => {
  it("stops answering for longer than a lease, lose nothing and consume again soon after", async () => {
    const [first, second] = [await fleet.worker(), await fleet.worker()];
    const id = await fleet.queue.add({ kind: "wait", ms: 4000 });
    await eventually("it runs", async () => (await fleet.queue.get(id))?.state === "processing");
    server.redis.freeze();
    await first.waitForLine(({ fields }) => fields.event === "redis" && fields.reachable === false);
    await pause(3000);
    server.redis.thaw();
    expect(await expectConsumption()).toBeLessThan(6000);
    const task = await fleet.queue.wait(id, { timeoutMs: 10_000 });
    expect(task).toMatchObject({ state: "completed", attempt: 1, crashes: 0 });
    expect(await fleet.registry.dead()).toEqual([]);
    await Promise.all([first.kill(), second.kill()]);
  });

  it("is killed and started again, keep what they run and settle it afterwards", async () => {
    const worker = await fleet.worker();
    const id = await fleet.queue.add({ kind: "wait", ms: 1500 });
    await worker.waitForLine(said("started", id));
    await server.redis.kill();
    await worker.waitForLine(({ fields }) => fields.event === "redis" && fields.reachable === false);
    await server.redis.restart();
    const task = await fleet.queue.wait(id, { timeoutMs: 15_000 });
    expect(task).toMatchObject({ state: "completed", attempt: 1, crashes: 0 });
    expect(await expectConsumption()).toBeLessThan(6000);
    await worker.kill();
  });

  it("forgets its scripts again and again, notice nothing", async () => {
    const worker = await fleet.worker({ concurrency: 8 });
    const connection = new RedisConnection({ source: server.redis.url, name: "flusher" });
    let flushing = true;
    const flusher = (async () => {
      while (flushing) {
        await connection.call("flush", (client) => client.script("FLUSH"));
        await pause(5);
      }
    })();
    const ids = await fleet.queue.addMany(
      Array.from({ length: 300 }, () => ({ payload: { kind: "quick" } as const })),
    );
    for (const id of ids) expect((await fleet.queue.wait(id, { timeoutMs: 20_000 })).attempt).toBe(1);
    flushing = false;
    await flusher;
    await connection.close();
    worker.signal("SIGTERM");
    expect((await worker.endWithin()).code).toBe(0);
  });

  it("loses all its data, register again and go on", async () => {
    const worker = await fleet.worker();
    const connection = new RedisConnection({ source: server.redis.url, name: "flusher" });
    await connection.call("flush", (client) => client.flushall());
    await connection.close();
    await expectConsumption();
    await eventually("it is registered", async () => (await fleet.registry.active()).length === 1);
    await worker.kill();
  });

  it("has no memory left, finish what they run", async () => {
    const worker = await fleet.worker();
    const id = await fleet.queue.add({ kind: "wait", ms: 1000 });
    await worker.waitForLine(said("started", id));
    const connection = new RedisConnection({ source: server.redis.url, name: "filler" });
    const limit = (bytes: string): Promise<unknown> =>
      connection.call("config", (client) => client.config("SET", "maxmemory", bytes));
    await limit("1");
    try {
      expect(await fleet.queue.wait(id, { timeoutMs: 15_000 })).toMatchObject({
        state: "completed",
        attempt: 1,
      });
      expect(await fleet.registry.active()).toHaveLength(1);
    } finally {
      await limit("0");
      await connection.close();
    }
    await expectConsumption();
    await worker.kill();
  });

  it("is not there at the start, begin when it comes", async () => {
    await server.redis.kill();
    const worker = await fleet.spawn("worker", fleet.settings());
    await worker.waitForLine(said("starting"));
    await pause(500);
    await server.redis.restart();
    await worker.waitForLine(said("running"));
    await expectConsumption();
    await worker.kill();
  });
});
