import { createQueue, type Queue } from "@imgq/queue";
import { eventually, redisForTests } from "@imgq/testing";
import { createWorker, type Handler, type Worker, type WorkerOptions } from "@imgq/worker";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const redis = redisForTests();
let queue: Queue<string>;
const workers: Worker[] = [];

beforeEach(() => {
  queue = createQueue<string>({ name: "ahead", redis: redis.url });
});

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop({ timeoutMs: 0 })));
  await queue.clear();
  await queue.close();
});

async function startWorker(
  handler: Handler<string>,
  options: Partial<WorkerOptions<string>> = {},
): Promise<Worker> {
  const worker = createWorker({ queue, handler, concurrency: 1, ...options });
  workers.push(worker);
  await worker.start();
  return worker;
}

const payloads = (length: number, payload: string) => Array.from({ length }, () => ({ payload }));

/** Ends at once, but for "long" tasks, which end when told. */
function shortOrLong() {
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let began: () => void = () => {};
  const begun = new Promise<void>((resolve) => {
    began = resolve;
  });
  let running = 0;
  let most = 0;
  const handler: Handler<string> = async (payload) => {
    running += 1;
    most = Math.max(most, running);
    if (payload === "long") {
      began();
      await ended;
    }
    await Promise.resolve();
    running -= 1;
  };
  return { handler, begun, end: () => end(), most: () => most };
}

describe("a worker whose tasks end at once", () => {
  it("takes tasks ahead, and still runs one at a time", async () => {
    const { handler, most } = shortOrLong();
    const claim = vi.spyOn(queue, "claim");
    await queue.addMany(payloads(400, "short"));
    await startWorker(handler);
    await eventually("all are completed", async () => (await queue.counts()).completed === 400);
    expect(most()).toBe(1);
    expect(claim.mock.calls.length).toBeLessThan(100);
  });

  it("gives back what it took ahead when a task turns out long, without spending an attempt", async () => {
    const { handler, begun, end } = shortOrLong();
    const worker = await startWorker(handler, { claimAheadMs: 20 });
    await queue.addMany(payloads(20, "short"));
    await eventually("its pace is known", async () => (await queue.counts()).completed === 20);
    await queue.addMany([...payloads(1, "long"), ...payloads(40, "short")]);
    await begun;
    await eventually("the others are pending again", async () => {
      const { pending, processing } = await queue.counts();
      return pending === 40 && processing === 1;
    });
    expect(worker.stats().totals.released).toBeGreaterThan(0);
    const other = await startWorker(handler, { id: "other" });
    await eventually("another worker runs them", async () => (await queue.counts()).completed === 60);
    expect(other.stats().totals.completed).toBe(40);
    end();
    await eventually("the long one ends as well", async () => (await queue.counts()).completed === 61);
    const { items } = await queue.list("completed", { limit: 100 });
    expect(items.every((task) => task.attempt === 1)).toBe(true);
  });

  it("gives back what it took ahead when it is told to be quiet", async () => {
    const { handler, begun, end } = shortOrLong();
    const worker = await startWorker(handler, { claimAheadMs: 60_000 });
    await queue.addMany(payloads(20, "short"));
    await eventually("its pace is known", async () => (await queue.counts()).completed === 20);
    await queue.addMany([...payloads(1, "long"), ...payloads(40, "short")]);
    await begun;
    expect((await queue.counts()).processing).toBeGreaterThan(1);
    worker.quiet();
    await eventually("they are pending again", async () => (await queue.counts()).pending === 40);
    end();
  });

  it("claims for free slots only when told so", async () => {
    const { handler, begun, end } = shortOrLong();
    await startWorker(handler, { claimAheadMs: 0 });
    await queue.addMany(payloads(20, "short"));
    await eventually("some have run", async () => (await queue.counts()).completed === 20);
    await queue.addMany([...payloads(1, "long"), ...payloads(40, "short")]);
    await begun;
    expect(await queue.counts()).toMatchObject({ processing: 1, pending: 40 });
    end();
  });

  it("lets the rest of the program have its turn, though no task waits for anything", async () => {
    let turn = 0;
    let turning = true;
    const next = (): void => {
      turn += 1;
      if (turning) setImmediate(next);
    };
    next();
    const runs = new Map<number, number>();
    await queue.addMany(payloads(200, "short"));
    await startWorker(() => {
      const until = performance.now() + 2;
      while (performance.now() < until);
      runs.set(turn, (runs.get(turn) ?? 0) + 1);
      return Promise.resolve();
    });
    await eventually("all are completed", async () => (await queue.counts()).completed === 200);
    turning = false;
    // Five of 2 ms fill 10 ms and one may follow, once as a claim arrives and once after it; the whole hand would be 25.
    expect(Math.max(...runs.values())).toBeLessThanOrEqual(12);
  });
});
