import { describe, expect, it } from "vitest";
import { seedForTests } from "../src/index.ts";
import { allFaults, executionsOf } from "../src/scenario/index.ts";
import { scenariosForTests } from "../src/scenario/scenarios-for-tests.ts";

const open = scenariosForTests(seedForTests());

describe("when workers are stopped", () => {
  it("F3: short tasks are finished, long ones given back without spending an attempt", async () => {
    const scenario = await open();
    const worker = await scenario.startWorker({ concurrency: 4, shutdownTimeoutMs: 1500 });
    const short = await scenario.add({ do: "sleep", ms: 700 }, 2);
    const [long = ""] = await scenario.add({ do: "sleep", ms: 4000 });
    const [deaf = ""] = await scenario.add({ do: "ignore-signal", ms: 4000 });
    for (const id of [...short, long, deaf]) await scenario.started(id);
    worker.signal("SIGTERM");
    expect(await worker.endWithin(15_000)).toEqual({ code: 0, signal: null });
    for (const id of short) expect((await scenario.queue.get(id))?.state).toBe("completed");
    for (const id of [long, deaf]) {
      expect(await scenario.queue.get(id)).toMatchObject({ state: "pending", attempt: 0, crashes: 0 });
    }
    await scenario.startWorker({ concurrency: 4 });
    await scenario.drained();
    const verdict = await scenario.judge({ extraExecutions: 2 });
    expect(verdict.violations).toEqual([]);
    expect((await scenario.queue.get(long))?.attempt).toBe(1);
  });

  it("F3: a second signal gives everything back at once", async () => {
    const scenario = await open();
    const worker = await scenario.startWorker({ concurrency: 2, shutdownTimeoutMs: 60_000 });
    const [id = ""] = await scenario.add({ do: "sleep", ms: 30_000 });
    await scenario.started(id);
    worker.signal("SIGTERM");
    await worker.waitForLine("Stopping");
    const startedAt = performance.now();
    worker.signal("SIGTERM");
    await worker.endWithin(15_000);
    expect(performance.now() - startedAt).toBeLessThan(8000);
    expect(await scenario.queue.get(id)).toMatchObject({ state: "pending", attempt: 0 });
    await scenario.queue.cancel(id);
    expect((await scenario.judge()).violations).toEqual([]);
  });

  it("F3: a worker stops in bounded time while Redis is down, and its task is recovered", async () => {
    const scenario = await open();
    const worker = await scenario.startWorker({ concurrency: 2, shutdownTimeoutMs: 1000 });
    const [id = ""] = await scenario.add({ do: "sleep", ms: 20_000 });
    await scenario.started(id);
    await scenario.during(
      "cut-off",
      async () => {
        scenario.proxy.set({ refuse: true });
        scenario.proxy.killAll();
        const startedAt = performance.now();
        worker.signal("SIGTERM");
        expect((await worker.endWithin(30_000)).code).toBe(0);
        // A second for the task, and what aborting, settling and saying farewell may wait for Redis.
        expect(performance.now() - startedAt).toBeLessThan(15_000);
      },
      worker,
    );
    scenario.proxy.set({});
    const other = await scenario.startWorker({ concurrency: 2 });
    await scenario.started(id, other);
    await scenario.queue.cancel(id);
    await scenario.drained();
    expect((await scenario.judge()).violations).toEqual([]);
  });

  const blocks: readonly (readonly [number, number])[] = [
    [9000, 6000],
    ...(allFaults ? [[120_000, 30_000] as const] : []),
  ];
  it.each(blocks)(
    "F5: a main loop blocked for %i ms loses no lease, runs its task once and is reported",
    async (blockMs, wedgedAfterMs) => {
      const scenario = await open();
      await scenario.startWorker({ concurrency: 1, wedgedAfterMs });
      await scenario.startWorker({ concurrency: 1, wedgedAfterMs });
      const [id = ""] = await scenario.add({ do: "block", ms: blockMs });
      const states = new Set<string>();
      const looking = setInterval(() => {
        void scenario.registry.list().then((workers) => {
          for (const worker of workers) states.add(worker.state);
        });
      }, 200);
      await scenario.drained(blockMs + 60_000);
      clearInterval(looking);
      expect(states).toContain("lagging");
      expect(states).toContain("wedged");
      expect(states).not.toContain("dead");
      expect(executionsOf(scenario.history()).get(id)).toBe(1);
      expect((await scenario.judge()).violations).toEqual([]);
    },
  );
});
