import { once } from "node:events";
import { Worker as Thread } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import type { Self } from "./beater.ts";
import { instant, SharedSelf } from "./shared-self.ts";

function selfWith(counters: Readonly<Record<string, number>>): Self {
  return {
    longestTimeoutMs: 300_000,
    vitals: {
      state: "running",
      slots: 2,
      busySlots: 1,
      tasks: [{ id: "größer-1", queue: "images", attempt: 1, elapsedMs: 12 }],
      totals: { completed: 1, failed: 0, retried: 0, released: 0, lost: 0 },
      tasksPerMinute: 1,
      memory: { rssBytes: 1, heapUsedBytes: 1, externalBytes: 1 },
      eventLoopDelayMs: { p50: 0, p99: 0 },
      cpuPercent: 0,
      scripts: {},
      counters,
    },
  };
}

describe("what the main loop says of itself", () => {
  it("is read as it was written last, with the instant", () => {
    const written = new SharedSelf();
    const read = new SharedSelf(written.memory);
    written.write(selfWith({ first: 1 }));
    const before = instant();
    written.write(selfWith({ second: 2 }));
    expect(read.read()).toMatchObject(selfWith({ second: 2 }));
    expect(read.read().saidAt).toBeGreaterThanOrEqual(before);
    expect(read.read().saidAt).toBeLessThanOrEqual(instant());
  });

  it("leaves out counters that have no room", () => {
    const shared = new SharedSelf();
    const many = Object.fromEntries(
      Array.from({ length: 60_000 }, (_, index) => [`counter-number-${index}`, index]),
    );
    shared.write(selfWith(many));
    expect(shared.read()).toMatchObject(selfWith({}));
    expect(shared.read().vitals.counters).toEqual({});
  });

  it("says what is wrong before anything was written", () => {
    expect(() => new SharedSelf().read()).toThrow("before the worker said what to tell");
  });

  it("is read whole while another thread writes", async () => {
    const shared = new SharedSelf();
    shared.write(selfWith({ length: 0 }));
    const thread = new Thread(
      `const { workerData: { memory } } = require("node:worker_threads");
       const header = new Int32Array(memory, 0, 2), text = Buffer.from(memory, 8);
       const until = Date.now() + 500;
       for (let length = 1; Date.now() < until; length = length % 4000 + 1) {
         const said = JSON.stringify({ length, filling: "x".repeat(length) });
         Atomics.add(header, 0, 1);
         Atomics.store(header, 1, text.write(said));
         Atomics.add(header, 0, 1);
       }`,
      { eval: true, workerData: { memory: shared.memory } },
    );
    let ended = false;
    const exit = once(thread, "exit").then(() => {
      ended = true;
    });
    const lengths = new Set<number>();
    while (!ended) {
      for (let times = 0; times < 100; times += 1) {
        const said = shared.read() as unknown as { length?: number; filling?: string };
        if (said.filling === undefined) continue;
        expect(said.filling.length).toBe(said.length);
        lengths.add(said.filling.length);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await exit;
    expect(lengths.size).toBeGreaterThan(10);
  });
});
