import { createQueue, type Queue, RetryLaterError, UnrecoverableError } from "@imgq/queue";
import { createRegistry, type Registry } from "@imgq/registry";
import {
  createWorker,
  workerHealth,
  TaskTimeoutError,
  WorkerStoppingError,
  type Handler,
  type Worker,
  type WorkerOptions,
} from "@imgq/worker";
import { eventually } from "@imgq/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

interface Job {
  readonly name: string;
}

let queue: Queue<Job, string>;
let registry: Registry;
const workers: Worker[] = [];

beforeEach(() => {
  queue = createQueue<Job, string>({ name: "test", backoff: "none" });
  registry = createRegistry();
});

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop({ timeoutMs: 0 })));
  await queue.close();
});

async function startWorker(
  handler: Handler<Job, string>,
  options: Partial<WorkerOptions<Job, string>> = {},
): Promise<Worker> {
  const worker = createWorker({
    queue,
    registry,
    handler,
    concurrency: 2,
    heartbeatIntervalMs: 50,
    recoverIntervalMs: 50,
    abortGraceMs: 50,
    ...options,
  });
  workers.push(worker);
  await worker.start();
  return worker;
}

const job = (name: string): Job => ({ name });

/** A handler that runs until it is aborted, and says when it has begun. */
function stubborn(): {
  handler: Handler<Job, string>;
  begun: Promise<AbortSignal>;
  ignores: Handler<Job, string>;
} {
  let tell: (signal: AbortSignal) => void = () => {};
  const begun = new Promise<AbortSignal>((resolve) => {
    tell = resolve;
  });
  return {
    begun,
    handler: (_job, { signal }) => {
      tell(signal);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
    ignores: (_job, { signal }) => {
      tell(signal);
      return new Promise(() => {});
    },
  };
}

type Claiming = Queue<Job, string>["claim"];

/** The same queue with another way to claim: what a broken connection does, or a look at what is asked for. */
function wrapClaim(inner: Queue<Job, string>, wrap: (claim: Claiming) => Claiming): Queue<Job, string> {
  const claim = wrap((options) => inner.claim(options));
  return new Proxy(inner, {
    get: (target, name) => {
      if (name === "claim") return claim;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

describe("a worker", () => {
  it("runs the tasks of its queue and stores their results", async () => {
    const ids = await queue.addMany([{ payload: job("a") }, { payload: job("b") }, { payload: job("c") }]);
    const worker = await startWorker(async ({ name }) => name.toUpperCase());
    const tasks = await Promise.all(ids.map((id) => queue.wait(id, { timeoutMs: 5000 })));
    expect(tasks.map(({ state, result }) => [state, result])).toEqual([
      ["completed", "A"],
      ["completed", "B"],
      ["completed", "C"],
    ]);
    expect(worker.stats().totals.completed).toBe(3);
  });

  it("tells its handler the trace that came with the task", async () => {
    const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await startWorker(async (_payload, { task }) => task.trace ?? "none");
    const ids = [await queue.add(job("a"), { trace }), await queue.add(job("b"))];
    const tasks = await Promise.all(ids.map((id) => queue.wait(id, { timeoutMs: 5000 })));
    expect(tasks.map(({ result }) => result)).toEqual([trace, "none"]);
  });

  it("never runs more tasks at a time than it has slots, and takes more when it gets more slots", async () => {
    let running = 0;
    let most = 0;
    const gates: (() => void)[] = [];
    const worker = await startWorker(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => gates.push(resolve));
      running -= 1;
      return "done";
    });
    await queue.addMany(Array.from({ length: 6 }, (_, index) => ({ payload: job(String(index)) })));
    await eventually("two run", () => gates.length === 2);
    worker.setConcurrency(4);
    await eventually("four run", () => gates.length === 4);
    for (const open of gates.splice(0)) open();
    await eventually("the last two run", () => gates.length === 2);
    for (const open of gates.splice(0)) open();
    await eventually("all are completed", async () => (await queue.counts()).completed === 6);
    expect(most).toBe(4);
  });

  it("retries what failed, and says with each event whether it will run again", async () => {
    const worker = await startWorker(async () => {
      throw new Error("boom");
    });
    const retries: boolean[] = [];
    worker.on("task:settled", ({ willRetry }) => retries.push(willRetry));
    const id = await queue.add(job("a"), { maxRetries: 2 });
    const task = await queue.wait(id, { timeoutMs: 5000 });
    expect(task).toMatchObject({ state: "dead", deadReason: "exhausted", attempt: 3 });
    await eventually("three events", () => retries.length === 3);
    expect(retries).toEqual([true, true, false]);
    expect(worker.stats().totals).toMatchObject({ failed: 3, retried: 2, dead: 1 });
  });

  it("sends unrecoverable errors and permanent ones to the dead letters at the first attempt", async () => {
    await startWorker(async ({ name }) => {
      if (name === "bad") throw Object.assign(new Error("not a picture"), { permanent: true });
      throw new UnrecoverableError("never");
    });
    const bad = await queue.wait(await queue.add(job("bad")), { timeoutMs: 5000 });
    const never = await queue.wait(await queue.add(job("never")), { timeoutMs: 5000 });
    expect(bad).toMatchObject({ state: "dead", deadReason: "invalid-input", attempt: 1 });
    expect(never).toMatchObject({ state: "dead", deadReason: "unrecoverable", attempt: 1 });
  });

  it("gives a task back without spending an attempt when the handler asks for later", async () => {
    let calls = 0;
    await startWorker(async () => {
      calls += 1;
      if (calls === 1) throw new RetryLaterError({ delayMs: 10 });
      return "done";
    });
    const task = await queue.wait(await queue.add(job("a")), { timeoutMs: 5000 });
    expect(task).toMatchObject({ state: "completed", attempt: 1 });
    expect(calls).toBe(2);
  });

  it("aborts a task at its timeout and counts the attempt", async () => {
    const { handler, begun } = stubborn();
    await startWorker(handler);
    const id = await queue.add(job("slow"), { timeoutMs: 50, maxRetries: 0 });
    const task = await queue.wait(id, { timeoutMs: 5000 });
    expect((await begun).reason).toBeInstanceOf(TaskTimeoutError);
    expect(task).toMatchObject({ state: "dead", deadReason: "timeout", attempt: 1 });
    expect(task.attempts[0]?.outcome).toBe("timeout");
  });

  it("gives each of many tasks its own time, whatever the order in which they began", async () => {
    const aborted: { readonly timeoutMs: number; readonly afterMs: number }[] = [];
    await startWorker(
      (payload, { signal, task }) => {
        if (payload.name === "quick") return Promise.resolve("done");
        const begunAt = performance.now();
        return new Promise((_, reject) => {
          signal.addEventListener("abort", () => {
            aborted.push({ timeoutMs: task.timeoutMs, afterMs: performance.now() - begunAt });
            reject(signal.reason);
          });
        });
      },
      { concurrency: 8 },
    );
    const timeouts = [300, 60_000, 50, 150, 100];
    const add = (name: string, timeoutMs: number): Promise<string> =>
      queue.add(job(name), { timeoutMs, maxRetries: 0 });
    const quick = await add("quick", 20);
    const ids = await Promise.all(timeouts.map((timeoutMs) => add("slow", timeoutMs)));
    await Promise.all(ids.filter((_, index) => index !== 1).map((id) => queue.wait(id, { timeoutMs: 5000 })));
    expect(aborted.map(({ timeoutMs }) => timeoutMs)).toEqual([50, 100, 150, 300]);
    for (const { timeoutMs, afterMs } of aborted) expect(afterMs).toBeGreaterThan(timeoutMs - 2);
    expect((await queue.get(quick))?.state).toBe("completed");
    expect((await queue.get(ids[1] ?? ""))?.state).toBe("processing");
  });

  it("fails a task whose handler throws at once, and takes a result that is no promise", async () => {
    const handler = (payload: Job): string => {
      if (payload.name === "bad") throw new UnrecoverableError("no such picture");
      return "done";
    };
    await startWorker(handler as unknown as Handler<Job, string>);
    const bad = await queue.wait(await queue.add(job("bad")), { timeoutMs: 5000 });
    const good = await queue.wait(await queue.add(job("good")), { timeoutMs: 5000 });
    expect(bad).toMatchObject({ state: "dead", deadReason: "unrecoverable" });
    expect(good).toMatchObject({ state: "completed", result: "done" });
  });

  it("gives the slot of a handler that ignores its signal to the next task", async () => {
    const { ignores } = stubborn();
    const worker = await startWorker(
      async (payload, context) => (payload.name === "hangs" ? ignores(payload, context) : "done"),
      { concurrency: 1 },
    );
    await queue.add(job("hangs"), { timeoutMs: 50, maxRetries: 0 });
    const next = await queue.wait(await queue.add(job("next")), { timeoutMs: 5000 });
    expect(next.state).toBe("completed");
    expect(worker.stats().totals).toMatchObject({ abandoned: 1, timedOut: 1 });
  });

  it("aborts a task that is cancelled while it runs", async () => {
    const { handler, begun } = stubborn();
    await startWorker(handler);
    const id = await queue.add(job("a"));
    await begun;
    expect(await queue.cancel(id)).toBe("requested");
    expect((await queue.wait(id, { timeoutMs: 5000 })).state).toBe("cancelled");
  });

  it("claims nothing while quiet, finishes what it has, and goes on when resumed", async () => {
    const gates: (() => void)[] = [];
    const worker = await startWorker(() => new Promise((resolve) => gates.push(() => resolve("done"))), {
      concurrency: 1,
    });
    const first = await queue.add(job("first"));
    await eventually("the first runs", () => gates.length === 1);
    worker.quiet();
    const second = await queue.add(job("second"));
    gates[0]?.();
    expect((await queue.wait(first, { timeoutMs: 5000 })).state).toBe("completed");
    expect((await queue.get(second))?.state).toBe("pending");
    expect(worker.status).toBe("quiet");
    worker.resume();
    await eventually("the second runs", () => gates.length === 2);
    gates[1]?.();
    expect((await queue.wait(second, { timeoutMs: 5000 })).attempt).toBe(1);
  });

  it("finishes what it can when stopped, and gives the rest back without spending an attempt", async () => {
    const { handler, begun } = stubborn();
    let finish = (): void => {};
    const worker = await startWorker((payload, context) =>
      payload.name === "short"
        ? new Promise((resolve) => {
            finish = (): void => resolve("done");
          })
        : handler(payload, context),
    );
    const long = await queue.add(job("long"));
    const short = await queue.add(job("short"));
    const signal = await begun;
    await eventually("both run", () => worker.stats().busySlots === 2);
    const stopping = worker.stop({ timeoutMs: 200 });
    finish();
    expect(await stopping).toEqual({ finished: 1, released: 1 });
    expect(signal.reason).toBeInstanceOf(WorkerStoppingError);
    expect(await queue.get(short)).toMatchObject({ state: "completed" });
    expect(await queue.get(long)).toMatchObject({ state: "pending", attempt: 0 });
    expect(await registry.active()).toEqual([]);
    expect((await registry.ended())[0]).toMatchObject({ id: worker.id, state: "stopped" });
  });

  it("hurries when stopped a second time, although a handler ignores its signal", async () => {
    const { ignores, begun } = stubborn();
    const worker = await startWorker(ignores);
    const id = await queue.add(job("a"));
    await begun;
    const stopping = worker.stop({ timeoutMs: 60_000 });
    expect(await worker.stop({ timeoutMs: 0 })).toEqual({ finished: 0, released: 1 });
    expect(await stopping).toEqual({ finished: 0, released: 1 });
    expect((await queue.get(id))?.attempt).toBe(0);
    expect(await worker.exited).toMatchObject({ failed: false });
  });

  it("does what is sent to it through the registry", async () => {
    const worker = await startWorker(async () => "done");
    const levels: string[] = [];
    worker.on("log-level", ({ level }) => levels.push(level));
    await registry.send(worker.id, { type: "set-concurrency", concurrency: 7 });
    await registry.send(worker.id, { type: "log-level", level: "debug" });
    await registry.send(worker.id, { type: "quiet" });
    await eventually("it is quiet", () => worker.status === "quiet");
    expect(worker.stats().slots).toBe(7);
    expect(levels).toEqual(["debug"]);
    await registry.send(worker.id, { type: "resume" });
    await eventually("it runs", () => worker.status === "running");
    await registry.send(worker.id, { type: "stop" });
    expect(await worker.exited).toMatchObject({ reason: "stopped by command", failed: false });
  });

  it("cancels a task on command", async () => {
    const { handler, begun } = stubborn();
    const worker = await startWorker(handler);
    const id = await queue.add(job("a"));
    await begun;
    await registry.send(worker.id, { type: "cancel-task", queue: "test", id });
    expect((await queue.wait(id, { timeoutMs: 5000 })).state).toBe("cancelled");
  });

  it("tells the registry who it is and what it does", async () => {
    const { handler, begun } = stubborn();
    const worker = await startWorker(handler, {
      versions: { sharp: "1.2.3" },
      counters: () => ({ seen: 4 }),
    });
    const id = await queue.add(job("a"));
    await begun;
    const record = await eventually("the task is told", async () => {
      const found = await registry.get(worker.id);
      return found?.vitals?.busySlots === 1 ? found : undefined;
    });
    expect(record.metadata).toMatchObject({
      pid: process.pid,
      queues: ["test"],
      versions: { sharp: "1.2.3" },
    });
    expect(record.vitals).toMatchObject({ state: "running", slots: 2, counters: { seen: 4 } });
    expect(record.vitals?.tasks).toMatchObject([{ id, queue: "test", attempt: 1 }]);
    expect(record.vitals?.memory.rssBytes).toBeGreaterThan(1e6);
  });

  it("does not start two heavy tasks side by side, and starts the second when the first has ended", async () => {
    const limit = process.memoryUsage.rss() + 2 ** 30;
    const gates: (() => void)[] = [];
    await startWorker(() => new Promise((resolve) => gates.push(() => resolve("done"))), {
      memoryLimitBytes: limit,
      weigh: async ({ name }) => (name === "heavy" ? 2 ** 29 + 2 ** 28 : 0),
    });
    await queue.addMany([{ payload: job("heavy") }, { payload: job("heavy") }]);
    await eventually("both are claimed", async () => (await queue.counts()).processing === 2);
    await eventually("one runs", () => gates.length === 1);
    gates[0]?.();
    await eventually("the other runs", () => gates.length === 2);
    gates[1]?.();
    await eventually("both are completed", async () => (await queue.counts()).completed === 2);
  });

  it("runs one task at a time while the process is above its memory limit, rather than none or many", async () => {
    let running = 0;
    let most = 0;
    await startWorker(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return "done";
      },
      { memoryLimitBytes: 1, concurrency: 4 },
    );
    await queue.addMany(Array.from({ length: 8 }, (_, index) => ({ payload: job(String(index)) })));
    await eventually("all are completed", async () => (await queue.counts()).completed === 8);
    expect(most).toBe(1);
  });

  it("claims for every slot that becomes free in one turn of the loop, not for the first only", async () => {
    const limits: number[] = [];
    const watched = wrapClaim(queue, (claim) => (request) => {
      limits.push(request.limit ?? 1);
      return claim(request);
    });
    const gates: (() => void)[] = [];
    await startWorker(() => new Promise((resolve) => gates.push(() => resolve("done"))), {
      queue: watched,
      concurrency: 5,
    });
    await queue.addMany(Array.from({ length: 10 }, (_, index) => ({ payload: job(String(index)) })));
    await eventually("five run", () => gates.length === 5);
    limits.length = 0;
    for (const open of gates.splice(0)) open();
    await eventually("the others run", () => gates.length === 5);
    expect(limits[0]).toBe(5);
    for (const open of gates) open();
  });

  it("ends in trouble when tasks are pending and its claims bring nothing, after a new connection did not help", async () => {
    const deaf = wrapClaim(queue, () => async ({ signal }) => {
      await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
      return [];
    });
    const worker = await startWorker(async () => "done", { queue: deaf, silentAfterMs: 300 });
    const { live, ready } = workerHealth(worker);
    expect(live().ok).toBe(true);
    await queue.add(job("a"));
    await eventually("its probe is red", () => !live().ok && worker.status !== "stopped");
    expect(ready().ok).toBe(false);
    expect(live().reason).toMatch(/tasks are pending and nothing was claimed/);
    expect(await worker.exited).toMatchObject({
      failed: true,
      reason: expect.stringMatching(/nothing was claimed/),
    });
  });

  it("is not taken for silent while its queue is paused, or while it is quiet or full", async () => {
    const { handler, begun } = stubborn();
    const worker = await startWorker(handler, { concurrency: 1, silentAfterMs: 100 });
    await queue.add(job("fills the slot"));
    await begun;
    await queue.add(job("waits"));
    const other = await startWorker(async () => "done", { silentAfterMs: 100 });
    await eventually("the other took it", async () => (await queue.counts()).completed === 1);
    await queue.pause();
    await queue.add(job("paused"));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect([worker.stats().silentMs, other.stats().silentMs]).toEqual([0, 0]);
    expect([worker.status, other.status]).toEqual(["running", "running"]);
  });

  it("stores the progress that a handler reports", async () => {
    const { begun, handler } = stubborn();
    await startWorker((payload, context) => {
      context.progress(0.5, "half");
      return handler(payload, context);
    });
    const id = await queue.add(job("a"));
    await begun;
    const progress = await eventually("progress is stored", async () => (await queue.get(id))?.progress);
    expect(progress).toEqual({ fraction: 0.5, note: "half" });
  });

  it("fails a task whose result cannot be stored, without running it again", async () => {
    await startWorker(async () => 1n as unknown as string);
    const task = await queue.wait(await queue.add(job("a")), { timeoutMs: 5000 });
    expect(task).toMatchObject({ state: "dead", deadReason: "unrecoverable", attempt: 1 });
  });

  it("refuses options that cannot work, and says what to do", () => {
    const make = (options: Partial<WorkerOptions<Job, string>>) => () =>
      createWorker({ queue, handler: async () => "", ...options });
    expect(make({ concurrency: 0 })).toThrow(/concurrency must be a whole number from 1/);
    expect(
      make({ registry: createRegistry({ heartbeatTimeoutMs: 1000 }), heartbeatIntervalMs: 800 }),
    ).toThrow(/at most half of the registry's heartbeatTimeoutMs, 1000/);
    expect(make({ leaseMs: 1000, heartbeatIntervalMs: 800 })).toThrow(/leaseMs must be at least twice/);
  });
});
