import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { createWorker, UnrecoverableError } from "@imgq/worker";
import { Redis } from "ioredis";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually, processesForTests, redisForTests } from "../src/index.ts";
import { makeNextVersion } from "../src/next-version.ts";

const redis = redisForTests();
const processes = processesForTests();

/** A worker and a producer of the later version. What it is told on the command line: the address of Redis. */
const program = `
import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { createWorker, runUntilSignal } from "@imgq/worker";
const redis = process.argv[2];
const queue = createQueue({ name: "shared", redis, backoff: "none", maxRetries: 1 });
await queue.addMany(Array.from({ length: 100 }, (_, index) => ({ payload: { from: "next", index } })));
const worker = createWorker({
  id: "next", queue, registry: createRegistry({ redis }), concurrency: 2, claimAheadMs: 0,
  handler: async ({ index }, { task }) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (index % 10 === 0 && task.attempt === 1) throw new Error("once more");
    return task.worker;
  },
});
worker.on("status", ({ to }) => console.log(to));
await runUntilSignal(worker);
`;

describe("two versions of imgq on one queue", () => {
  it("F31: both make progress, and each finishes what the other began", { timeout: 60_000 }, async () => {
    const next = await makeNextVersion();
    onTestFinished(() => next.remove());
    const queue = createQueue<{ from: string; index: number }, string>({
      name: "shared",
      redis: redis.url,
      backoff: "none",
      maxRetries: 1,
    });
    const registry = createRegistry({ redis: redis.url });
    const now = createWorker({
      id: "now",
      queue,
      registry,
      concurrency: 2,
      claimAheadMs: 0,
      handler: async ({ from, index }, { task }) => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (from === "now" && index === 50) throw new UnrecoverableError("never");
        if (index % 10 === 0 && task.attempt === 1) throw new Error("once more");
        return task.worker;
      },
    });
    await queue.addMany(Array.from({ length: 100 }, (_, index) => ({ payload: { from: "now", index } })));
    // The other version begins with what this one added, and this one gets what the other added.
    const other = await processes.spawn(await next.program(program), [redis.url]);
    await other.waitForLine("running");
    await now.start();
    await eventually("some of both kinds have run", async () => (await queue.counts()).completed > 60);

    // Killed with tasks in hand, which this version takes back though they carry what it does not know.
    await other.kill();
    await eventually("all have ended", async () => {
      const { completed, dead } = await queue.counts();
      return completed + dead === 200;
    });

    const { items } = await queue.list("completed", { limit: 1000 });
    const runBy = (worker: string, from: string): number =>
      items.filter(({ result, payload }) => result === worker && payload.from === from).length;
    expect(runBy("next", "now")).toBeGreaterThan(0);
    expect(runBy("now", "next")).toBeGreaterThan(0);
    expect((await registry.list()).map(({ id }) => id).sort()).toEqual(["next", "now"]);
    expect((await queue.deadLetters()).items.every(({ payload }) => payload.index === 50)).toBe(true);

    const admin = new Redis(redis.url);
    const foreign = items.find(({ result, payload }) => result === "now" && payload.from === "next");
    expect(await admin.hget(`imgq:{shared}:task:${foreign?.id}`, "colour")).toBe("red");
    admin.disconnect();
    expect(await queue.stats()).toMatchObject({ counts: { pending: 0, processing: 0 } });
    await now.stop();
    await now.closeConnections();
  });
});
