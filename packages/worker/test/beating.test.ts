import type { Worker as Thread } from "node:worker_threads";
import { createLogger, sleep } from "@imgq/core";
import { createQueue, type Queue } from "@imgq/queue";
import { createRegistry, type Registry } from "@imgq/registry";
import { eventually, redisForTests } from "@imgq/testing";
import { createWorker, type Worker } from "@imgq/worker";
import type { RedisOptions } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const redis = redisForTests();
let queue: Queue<number, string>;
let registry: Registry;
let worker: Worker;
/** Threads that this process has started. */
let threads: Thread[];
let lines: string[];
const onThread = (thread: Thread): void => void threads.push(thread);

beforeEach(() => {
  threads = [];
  lines = [];
  process.on("worker", onThread);
});
afterEach(async () => {
  process.off("worker", onThread);
  await worker.stop({ timeoutMs: 0 });
  await queue.clear();
  await registry.clear();
  await worker.closeConnections();
});

/** Starts a worker that sleeps for as many milliseconds as a task says. */
async function start(source: string | RedisOptions): Promise<void> {
  queue = createQueue<number, string>({ name: "beating", redis: source, backoff: "none" });
  registry = createRegistry({ redis: source });
  worker = createWorker({
    queue,
    registry,
    concurrency: 1,
    heartbeatIntervalMs: 200,
    leaseMs: 3000,
    handler: async (ms, { task }) => {
      await sleep(ms);
      return `attempt ${task.attempt}`;
    },
    log: createLogger({ write: (line) => void lines.push(line) }),
  });
  await worker.start();
}

/** The instant of the worker's last beat, as the registry has it. */
async function lastBeatAt(): Promise<number> {
  return (await registry.get(worker.id))?.lastBeatAt ?? 0;
}

describe("a worker whose beat thread dies", () => {
  it("starts another, again and again, and keeps its lease and its task", async () => {
    await start(redis.url);
    const id = await queue.add(6000);
    await eventually("the task runs", () => worker.stats().busySlots === 1);
    for (let deaths = 1; deaths <= 3; deaths += 1) {
      await threads.at(-1)?.terminate();
      const diedAt = await lastBeatAt();
      await eventually("another thread beats", async () => (await lastBeatAt()) > diedAt, {
        timeoutMs: 10_000,
      });
      expect(threads).toHaveLength(1 + deaths);
    }
    expect(lines.filter((line) => line.includes("The beat thread ended"))).toHaveLength(3);
    expect(await queue.wait(id, { timeoutMs: 15_000 })).toMatchObject({
      state: "completed",
      result: "attempt 1",
      crashes: 0,
    });
    // Commands reach it through the new thread.
    await registry.send(worker.id, { type: "quiet" });
    await eventually("it is quiet", () => worker.status === "quiet");
  });

  it("does not start another once it stops", async () => {
    await start(redis.url);
    await worker.stop();
    expect(threads).toHaveLength(1);
    expect(lines.some((line) => line.includes("The beat thread ended"))).toBe(false);
  });
});

describe("a worker whose way to Redis cannot be told to a thread", () => {
  it("beats on its main loop, says so, and works and obeys as any other", async () => {
    const { hostname: host, port } = new URL(redis.url);
    // Any function will do: it cannot be sent.
    await start({ host, port: Number(port), natMap: () => null });
    expect(threads).toEqual([]);
    expect(lines.filter((line) => line.includes("Beating on the main loop"))).toHaveLength(1);
    // Longer than its lease: without beats another attempt would be made of it.
    const id = await queue.add(4000);
    expect(await queue.wait(id, { timeoutMs: 15_000 })).toMatchObject({ result: "attempt 1", crashes: 0 });
    await registry.send(worker.id, { type: "stop" });
    expect(await worker.exited).toMatchObject({ reason: "stopped by command", failed: false });
    expect((await registry.get(worker.id))?.state).toBe("stopped");
  });
});
