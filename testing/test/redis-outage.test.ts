import { describe, expect, it } from "vitest";
import { seedForTests } from "../src/index.ts";
import {
  allFaults,
  consumingAgainAfterMs,
  eventually,
  executionsOf,
  type Scenario,
} from "../src/scenario/index.ts";
import { scenariosForTests } from "../src/scenario/scenarios-for-tests.ts";

const open = scenariosForTests(seedForTests());
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** From the first answer of Redis to the first task begun. */
const consumingWithinMs = 6000;

/** Takes Redis away for `downMs` in the given way. */
const outages = {
  "is killed and started again": async ({ redis }: Scenario, downMs: number): Promise<void> => {
    await redis.kill();
    await pause(downMs);
    await redis.restart();
  },
  "is frozen": async ({ redis }: Scenario, downMs: number): Promise<void> => {
    redis.freeze();
    await pause(downMs);
    redis.thaw();
  },
  "is unreachable": async ({ proxy }: Scenario, downMs: number): Promise<void> => {
    proxy.set({ blackhole: true });
    await pause(downMs);
    proxy.set({});
  },
  "is cut off, and all that was sent arrives late": async (
    { proxy }: Scenario,
    downMs: number,
  ): Promise<void> => {
    proxy.set({ pause: true });
    await pause(downMs);
    proxy.set({});
  },
  "refuses connections": async ({ proxy }: Scenario, downMs: number): Promise<void> => {
    proxy.set({ refuse: true });
    proxy.killAll();
    await pause(downMs);
    proxy.set({});
  },
} as const;
type Outage = keyof typeof outages;

const cases: readonly (readonly [Outage, number])[] = allFaults
  ? [
      ["is killed and started again", 1000],
      ["is killed and started again", 6000],
      ["is killed and started again", 20_000],
      ["is killed and started again", 60_000],
      ["is frozen", 10_000],
      ["is frozen", 40_000],
      ["is unreachable", 10_000],
      ["is unreachable", 40_000],
      ["is cut off, and all that was sent arrives late", 3000],
      ["is cut off, and all that was sent arrives late", 20_000],
      ["refuses connections", 1000],
      ["refuses connections", 20_000],
    ]
  : [["is killed and started again", 6000]];

describe("when Redis is away", () => {
  it.each(cases)(
    "F9, F10: it %s for %i ms: workers keep what they run, then consume again",
    async (how, downMs) => {
      const scenario = await open({ redisArgs: ["--appendonly", "yes", "--appendfsync", "always"] });
      await scenario.startWorker({ concurrency: 3 });
      await scenario.startWorker({ concurrency: 3 });
      // One task for the whole outage and some around it: its worker must not be taken for dead.
      const [long = ""] = await scenario.add({ do: "sleep", ms: downMs + 3000 });
      await scenario.started(long);
      const producer = await scenario.startProducer({
        task: { do: "sleep", ms: 20 },
        count: Math.ceil(downMs / 50) + 60,
        everyMs: 50,
      });
      await pause(1000);
      await scenario.during("outage", () => outages[how](scenario, downMs));
      await scenario.drained(90_000);
      await producer.endWithin(90_000);
      await scenario.drained();
      const again = consumingAgainAfterMs(scenario.history(), "outage");
      const verdict = await scenario.judge();
      expect(verdict.violations).toEqual([]);
      expect(again).toBeLessThan(consumingWithinMs);
      expect(executionsOf(scenario.history()).get(long)).toBe(1);
    },
  );

  it("F30: a worker whose pictures fill the thread pool finds Redis again by its name within 6 s", async () => {
    const scenario = await open({ redisArgs: ["--appendonly", "yes", "--appendfsync", "always"] });
    const slots = 4;
    // As `imgq worker` starts its processes.
    const env = { UV_THREADPOOL_SIZE: String(slots + 4) };
    await scenario.startWorker({ concurrency: slots, byName: true, throughProxy: false, env });
    const busy = await scenario.add({ do: "occupy-pool", ms: 15_000, threads: 2 }, slots - 1);
    for (const id of busy) await scenario.started(id);
    await scenario.during("outage", () => outages["is killed and started again"](scenario, 2000));
    await scenario.add({ do: "sleep", ms: 10 }, 5);
    await scenario.drained();
    const again = consumingAgainAfterMs(scenario.history(), "outage");
    const verdict = await scenario.judge();
    expect(verdict.violations).toEqual([]);
    expect(again).toBeLessThan(consumingWithinMs);
    expect(verdict.executions).toBe(slots - 1 + 5);
  });

  it("F11: while Redis loads its data everybody waits, and then goes on", async () => {
    const scenario = await open({ redisArgs: ["--appendonly", "yes", "--appendfsync", "always"] });
    await scenario.startWorker({ concurrency: 3 });
    const [long = ""] = await scenario.add({ do: "sleep", ms: 9000 });
    await scenario.started(long);
    // Something to load: every task and key takes its time.
    await scenario.queue.addMany(
      Array.from({ length: 300 }, () => ({ payload: { do: "sleep", ms: 1 } as const, delayMs: 3_600_000 })),
    );
    await scenario.redis.kill();
    const startedAt = performance.now();
    await scenario.during("loading", async () => {
      await scenario.redis.restart([
        "--key-load-delay",
        "15000",
        "--loading-process-events-interval-bytes",
        "1024",
      ]);
    });
    expect(performance.now() - startedAt).toBeGreaterThan(1000);
    await scenario.add({ do: "sleep", ms: 10 }, 5);
    await eventually(
      "all that is due is done",
      async () => {
        const { pending, processing } = await scenario.queue.counts();
        return pending + processing === 0;
      },
      { timeoutMs: 60_000 },
    );
    const again = consumingAgainAfterMs(scenario.history(), "loading");
    expect(await scenario.queue.purge("scheduled")).toBe(300);
    const verdict = await scenario.judge();
    expect(verdict.violations).toEqual([]);
    expect(again).toBeLessThan(consumingWithinMs);
    expect(executionsOf(scenario.history()).get(long)).toBe(1);
  });

  it("F10: a worker that comes back later than the others is not counted out for the outage", async () => {
    const scenario = await open({ redisArgs: ["--appendonly", "yes", "--appendfsync", "always"] });
    const late = await scenario.startWorker({ concurrency: 1 });
    const [long = ""] = await scenario.add({ do: "sleep", ms: 12_000 });
    await scenario.started(long, late);
    await scenario.startWorker({ concurrency: 1, throughProxy: false });
    await scenario.during("outage", async () => {
      scenario.proxy.set({ refuse: true });
      await scenario.redis.kill();
      await pause(6000);
      await scenario.redis.restart();
    });
    // The other one beats and looks for the dead by now; a lease after its first beat is not over.
    await scenario.add({ do: "sleep", ms: 10 });
    await pause(2500);
    scenario.proxy.set({});
    await scenario.drained();
    const verdict = await scenario.judge();
    expect(verdict.violations).toEqual([]);
    expect(executionsOf(scenario.history()).get(long)).toBe(1);
  });

  it.each(allFaults ? [1000, 6000, 20_000, 60_000] : [6000])(
    "F10: idle workers consume again after %i ms without Redis",
    async (downMs) => {
      const scenario = await open({ redisArgs: ["--appendonly", "yes", "--appendfsync", "always"] });
      await scenario.startWorker({ concurrency: 2 });
      await pause(2500);
      await scenario.during("outage", () => outages["is killed and started again"](scenario, downMs));
      await scenario.add({ do: "sleep", ms: 10 }, 5);
      await scenario.drained();
      const again = consumingAgainAfterMs(scenario.history(), "outage");
      expect((await scenario.judge()).violations).toEqual([]);
      expect(again).toBeLessThan(consumingWithinMs);
    },
  );

  it.each([
    ["always", false],
    ["everysec", true],
  ] as const)(
    "F8: killed under load with appendfsync %s it loses nothing it need not lose",
    async (appendfsync, lossAllowed) => {
      const scenario = await open({ redisArgs: ["--appendonly", "yes", "--appendfsync", appendfsync] });
      await scenario.startWorker({ concurrency: 4 });
      const producer = await scenario.startProducer({ task: { do: "sleep", ms: 5 }, count: 600, everyMs: 4 });
      for (let round = 0; round < (allFaults ? 5 : 1); round += 1) {
        await pause(1200);
        await scenario.during("kill-redis", async () => {
          await scenario.redis.kill();
          await scenario.redis.restart();
        });
      }
      await producer.endWithin(60_000);
      await scenario.drained();
      const verdict = await scenario.judge({ lossAllowed, extraExecutions: lossAllowed ? 600 : 0 });
      expect(verdict.violations).toEqual([]);
      expect(verdict.lost.length).toBeLessThanOrEqual(lossAllowed ? 600 : 0);
    },
  );
});
