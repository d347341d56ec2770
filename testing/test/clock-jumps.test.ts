import { describe, expect, it } from "vitest";
import { createFakeClock, seedForTests } from "../src/index.ts";
import { scenariosForTests } from "../src/scenario/scenarios-for-tests.ts";

const open = scenariosForTests(seedForTests());
const MINUTE = 60_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("when clocks jump", () => {
  it("F24: workers an hour ahead and an hour behind share the work as if they knew the time", async ({
    skip,
  }) => {
    const clocks = [await createFakeClock(), await createFakeClock()];
    const [ahead, behind] = clocks;
    if (ahead === undefined || behind === undefined) return skip("there is no C compiler");
    await ahead.set(60 * MINUTE);
    await behind.set(-60 * MINUTE);
    const scenario = await open();
    await scenario.startWorker({ concurrency: 2, env: ahead.env });
    await scenario.startWorker({ concurrency: 2, env: behind.env });
    await scenario.add({ do: "sleep", ms: 100 }, 20);
    await scenario.add({ do: "fail", times: 1 }, 5);
    // They swap while they work.
    await ahead.set(-60 * MINUTE);
    await behind.set(60 * MINUTE);
    await scenario.drained();
    const verdict = await scenario.judge();
    expect(verdict.violations).toEqual([]);
    expect(verdict.executions).toBe(30);
    await Promise.all([ahead.remove(), behind.remove()]);
  });

  it.for([60_000, -60_000])(
    "F24: Redis' clock jumping by %i ms takes no task from a living worker",
    async (jumpMs, { skip }) => {
      const clock = await createFakeClock();
      if (clock === undefined) return skip("there is no C compiler");
      const scenario = await open({ redisEnv: clock.env });
      await scenario.startWorker({ concurrency: 3 });
      await scenario.startWorker({ concurrency: 3 });
      const long = await scenario.add({ do: "sleep", ms: 7000 }, 4);
      for (const id of long) await scenario.started(id);
      await clock.set(jumpMs);
      await pause(1500);
      await scenario.add({ do: "sleep", ms: 20 }, 10);
      await scenario.drained();
      const verdict = await scenario.judge();
      expect(verdict.violations).toEqual([]);
      expect(verdict.executions).toBe(14);
      await clock.remove();
    },
  );
});
