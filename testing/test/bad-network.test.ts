import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { eventually, seedForTests } from "../src/index.ts";
import { allFaults, consumingAgainAfterMs } from "../src/scenario/index.ts";
import { scenariosForTests } from "../src/scenario/scenarios-for-tests.ts";

const random = seedForTests();
const open = scenariosForTests(random);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("when the network is bad", () => {
  it("F19: a slow Redis costs no lease", async () => {
    const scenario = await open();
    await scenario.startWorker({ concurrency: 4 });
    await scenario.startWorker({ concurrency: 4 });
    scenario.proxy.set({ latencyMs: 20, jitterMs: 480 });
    await scenario.add({ do: "sleep", ms: 1500 }, allFaults ? 80 : 24);
    await scenario.drained(120_000);
    scenario.proxy.set({});
    const verdict = await scenario.judge();
    expect(verdict.violations).toEqual([]);
    expect(verdict.executions).toBe(verdict.attempts);
  });

  it("F19: a pause of all clients costs no lease", async () => {
    const scenario = await open();
    const redis = new Redis(scenario.redis.url);
    await scenario.startWorker({ concurrency: 4 });
    await scenario.startWorker({ concurrency: 4 });
    await scenario.add({ do: "sleep", ms: 3000 }, 8);
    await scenario.started();
    for (let round = 0; round < (allFaults ? 5 : 1); round += 1) {
      await redis.call("CLIENT", "PAUSE", "3000", "ALL");
      await pause(4000);
    }
    await scenario.drained();
    redis.disconnect();
    const verdict = await scenario.judge();
    expect(verdict.violations).toEqual([]);
    expect(verdict.executions).toBe(verdict.attempts);
  });

  it("F20: replies lost after execution lose and repeat nothing", async () => {
    const scenario = await open();
    await scenario.startWorker({ concurrency: 4 });
    await scenario.startWorker({ concurrency: 4 });
    const producer = await scenario.startProducer({
      task: { do: "sleep", ms: 10 },
      count: allFaults ? 3000 : 400,
      everyMs: 5,
    });
    await scenario.during("lost-replies", async () => {
      scenario.proxy.set({ loseReply: 0.05 });
      await producer.endWithin(120_000);
      await scenario.drained();
    });
    scenario.proxy.set({});
    expect(scenario.proxy.lostReplies).toBeGreaterThan(5);
    const verdict = await scenario.judge();
    expect(verdict.violations).toEqual([]);
    expect(verdict.executions).toBe(verdict.attempts);
  });

  it("F21: a firewall that forgets all connections costs no lease, and workers soon consume again", async () => {
    const scenario = await open();
    await scenario.startWorker({ concurrency: 3 });
    await scenario.startWorker({ concurrency: 3 });
    for (let round = 0; round < (allFaults ? 4 : 1); round += 1) {
      const long = await scenario.add({ do: "sleep", ms: 9000 }, 2);
      for (const id of long) await scenario.started(id);
      await scenario.during("stranded", async () => void scenario.proxy.strandAll());
      await scenario.add({ do: "sleep", ms: 50 }, 20);
      await scenario.drained();
      const again = consumingAgainAfterMs(scenario.history(), "stranded");
      expect(again).toBeLessThan(8000);
    }
    const verdict = await scenario.judge();
    expect(verdict.violations).toEqual([]);
    expect(verdict.executions).toBe(verdict.attempts);
  });

  it("F21: connections cut all the time and single bytes let work go on and leave no clients behind", async () => {
    const scenario = await open();
    const redis = new Redis(scenario.redis.url);
    const clients = async (): Promise<number> =>
      String(await redis.client("LIST"))
        .trim()
        .split("\n").length;
    await scenario.startWorker({ concurrency: 4 });
    await scenario.add({ do: "sleep", ms: 10 }, 4);
    await scenario.drained();
    const before = await clients();
    const produce = async (count: number): Promise<void> => {
      const producer = await scenario.startProducer({ task: { do: "sleep", ms: 10 }, count, everyMs: 20 });
      await producer.endWithin(120_000);
      await scenario.drained();
    };
    // One after the other: byte by byte a connection is not ready within 200 ms.
    scenario.proxy.set({ sliceBytes: 1 });
    await produce(60);
    scenario.proxy.set({});
    await scenario.during("cutting", async () => {
      const cutting = setInterval(() => scenario.proxy.killAll(), 200);
      await produce(allFaults ? 600 : 120);
      clearInterval(cutting);
    });
    // One that was being opened at the last cut may still go.
    await eventually("no clients are left over", async () => (await clients()) <= before, {
      timeoutMs: 20_000,
    });
    redis.disconnect();
    expect((await scenario.judge()).violations).toEqual([]);
  });
});
