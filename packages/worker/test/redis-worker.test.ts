import { createQueue, type Queue } from "@imgq/queue";
import { createRegistry, type Registry } from "@imgq/registry";
import { eventually, redisForTests } from "@imgq/testing";
import { createWorker, TaskCancelledError, type Worker } from "@imgq/worker";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const redis = redisForTests();
let queue: Queue<string, string>;
let registry: Registry;
let worker: Worker;
let running: Map<string, AbortSignal>;

beforeEach(async () => {
  queue = createQueue<string, string>({ name: "control", redis: redis.url });
  registry = createRegistry({ redis: redis.url });
  running = new Map();
  worker = createWorker({
    queue,
    registry,
    concurrency: 1,
    heartbeatIntervalMs: 200,
    leaseMs: 3000,
    handler: (payload, { signal }) => {
      if (payload === "quick") return Promise.resolve("done");
      running.set(payload, signal);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  });
  await worker.start();
});

afterEach(async () => {
  await worker.stop({ timeoutMs: 0 });
  await queue.clear();
  await registry.clear();
  await worker.closeConnections();
});

describe("a worker whose beat is a thread", () => {
  it("is registered, alive and running once started, and told of with its round trip to Redis", async () => {
    expect(worker.status).toBe("running");
    const record = await eventually("its round trip is told", async () => {
      const found = await registry.get(worker.id);
      return found?.vitals?.redisRoundTripMs === undefined ? undefined : found;
    });
    expect(record).toMatchObject({ state: "running", alive: true, metadata: { pid: process.pid } });
    expect(worker.stats()).toMatchObject({ reachesRedis: true, silentMs: 0 });
  });

  it("obeys what is sent to it, in order", async () => {
    await registry.send(worker.id, { type: "quiet" });
    await registry.send(worker.id, { type: "set-concurrency", concurrency: 3 });
    await eventually("it is quiet", () => worker.status === "quiet" && worker.stats().slots === 3);
    await eventually("the registry shows it", async () => (await registry.get(worker.id))?.state === "quiet");
    const id = await queue.add("quick");
    await registry.send(worker.id, { type: "resume" });
    expect((await queue.wait(id, { timeoutMs: 10_000 })).state).toBe("completed");
    await registry.send(worker.id, { type: "drain" });
    expect(await worker.exited).toMatchObject({ reason: "drained by command", failed: false });
    expect((await registry.get(worker.id))?.state).toBe("stopped");
  });

  it("hears from its beat that a task in hand was cancelled", async () => {
    const id = await queue.add("cancelled while it runs");
    const signal = await eventually("it runs", () => running.get("cancelled while it runs"));
    expect(await queue.cancel(id)).toBe("requested");
    expect((await queue.wait(id, { timeoutMs: 10_000 })).state).toBe("cancelled");
    expect(signal.reason).toBeInstanceOf(TaskCancelledError);
  });

  it("hears from its beat that a task in hand was given to others, and registers again when taken for dead", async () => {
    const lost: string[] = [];
    worker.on("task:settled", ({ task, outcome }) => {
      if (outcome === "lost") lost.push(task.id);
    });
    const id = await queue.add("taken away");
    await eventually("it runs", () => running.get("taken away"));
    await registry.declareDead(worker.id, "by mistake");
    expect(await queue.workerLost(worker.id, "by mistake")).toBe(1);
    await eventually("it knows", () => lost.includes(id));
    await eventually("it is alive again", async () => (await registry.get(worker.id))?.alive === true);
  });
});
