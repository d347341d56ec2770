import { redisProcessForTests } from "@imgq/testing";
import { describe, expect, it } from "vitest";
import { fleetForTests, said } from "./fleet.ts";

const server = redisProcessForTests();
const fleet = fleetForTests(() => server.redis.url);

describe("SIGTERM", () => {
  it("lets a worker finish short tasks, give long ones back unspent, leave the registry, and exit with 0", async () => {
    const worker = await fleet.worker({ shutdownTimeoutMs: 1500 });
    const long = await fleet.queue.add({ kind: "wait", ms: 60_000 });
    const short = await fleet.queue.add({ kind: "wait", ms: 500 });
    await worker.waitForLine(said("started", long));
    await worker.waitForLine(said("started", short));
    worker.signal("SIGTERM");
    expect(await worker.endWithin(15_000)).toEqual({ code: 0, signal: null });
    const exit = worker.lines.find(said("exit"));
    expect(exit?.fields).toMatchObject({ finished: 1, released: 1, reason: "SIGTERM" });
    expect((await fleet.queue.get(short))?.state).toBe("completed");
    expect(await fleet.queue.get(long)).toMatchObject({ state: "pending", attempt: 0, crashes: 0 });
    expect(await fleet.registry.list()).toEqual([]);
    expect(await fleet.registry.ended()).toMatchObject([{ state: "stopped", end: { reason: "SIGTERM" } }]);
  });

  it("sent twice gives everything back at once", async () => {
    const worker = await fleet.worker({ shutdownTimeoutMs: 60_000 });
    const id = await fleet.queue.add({ kind: "wait", ms: 60_000 });
    await worker.waitForLine(said("started", id));
    worker.signal("SIGTERM");
    await worker.waitForLine(said("draining"));
    worker.signal("SIGTERM");
    expect(await worker.endWithin(10_000)).toEqual({ code: 0, signal: null });
    expect(await fleet.queue.get(id)).toMatchObject({ state: "pending", attempt: 0 });
  });

  it("ends a worker in bounded time while a native call hangs that nothing can interrupt", async () => {
    const worker = await fleet.worker({ shutdownTimeoutMs: 200 });
    const id = await fleet.queue.add({ kind: "native", rounds: 2 ** 31 - 1 });
    await worker.waitForLine(said("started", id));
    worker.signal("SIGTERM");
    await worker.endWithin(15_000);
    expect(await fleet.queue.get(id)).toMatchObject({ state: "pending", attempt: 0 });
  });

  it.each([
    ["does not answer", () => server.redis.freeze(), () => server.redis.thaw()],
    ["is gone", () => server.redis.kill(), () => server.redis.restart()],
  ] as const)("ends a worker in bounded time while Redis %s", async (_how, takeAway, bringBack) => {
    const shutdownTimeoutMs = 500;
    const worker = await fleet.worker({ shutdownTimeoutMs });
    const short = await fleet.queue.add({ kind: "wait", ms: 300 });
    const long = await fleet.queue.add({ kind: "wait", ms: 60_000 });
    await worker.waitForLine(said("started", short));
    await worker.waitForLine(said("started", long));
    await takeAway();
    try {
      const startedAt = performance.now();
      worker.signal("SIGTERM");
      await worker.waitForLine(said("stopped"));
      // The grace of the handlers and five seconds, as promised.
      expect(performance.now() - startedAt).toBeLessThan(shutdownTimeoutMs + 1000 + 5000);
      expect(await worker.endWithin(5000)).toEqual({ code: 0, signal: null });
    } finally {
      await bringBack();
    }
  });
});
