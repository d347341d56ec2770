import { describe, expect, it } from "vitest";
import { seedForTests } from "../src/index.ts";
import { allFaults } from "../src/scenario/index.ts";
import { scenariosForTests } from "../src/scenario/scenarios-for-tests.ts";

const open = scenariosForTests(seedForTests());

describe("when many come at once", () => {
  it("F29: processes that start together share the work, each task once", async () => {
    const scenario = await open();
    await scenario.add({ do: "sleep", ms: 5 }, 200);
    const workers = await Promise.all(
      Array.from({ length: allFaults ? 20 : 5 }, () => scenario.startWorker({ concurrency: 2 })),
    );
    await scenario.drained();
    const verdict = await scenario.judge();
    expect(verdict.violations).toEqual([]);
    expect(verdict.executions).toBe(200);
    expect(workers.every(({ running }) => !running)).toBe(true);
  });

  it("F29: a thousand adds of one id from several processes make one task", async () => {
    const scenario = await open();
    const adds = Array.from({ length: 1000 }, () =>
      scenario.queue.add({ do: "sleep", ms: 1 }, { id: "the-one" }),
    );
    expect(new Set(await Promise.all(adds))).toEqual(new Set(["the-one"]));
    expect((await scenario.queue.counts()).pending).toBe(1);
    await scenario.startWorker();
    await scenario.drained();
    const again = await scenario.queue.add({ do: "sleep", ms: 1 }, { id: "the-one" });
    expect(again).toBe("the-one");
    const verdict = await scenario.judge();
    expect(verdict.violations).toEqual([]);
    expect(verdict.executions).toBe(1);
  });
});
