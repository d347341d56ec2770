import { describe, expect, it } from "vitest";
import { eventually, seedForTests } from "../src/index.ts";
import { allFaults, executionsOf } from "../src/scenario/index.ts";
import { scenariosForTests } from "../src/scenario/scenarios-for-tests.ts";

const open = scenariosForTests(seedForTests());

/** The default backoff: at once, 5 s, 10 s, with 10 % jitter, and up to 2 s for a busy machine. */
const retryGap = (retry: number): { minimumMs: number; maximumMs: number } => {
  const ms = retry === 1 ? 0 : 5000 * 2 ** (retry - 2);
  return { minimumMs: 0.9 * ms, maximumMs: 1.1 * ms + 2000 };
};

describe("when tasks fail", () => {
  it("retries come after the default backoff, exhausted ones die, a timeout replaces a deaf handler", async () => {
    const scenario = await open({ queue: { taskTimeoutMs: 60_000 } });
    const maxRetries = allFaults ? 3 : 2;
    await scenario.queue.add({ do: "fail", times: 10 }, { id: "exhausted", maxRetries });
    const [healed = ""] = await scenario.add({ do: "fail", times: 2 });
    await scenario.queue.add(
      { do: "ignore-signal", ms: 600_000 },
      { id: "deaf", timeoutMs: 500, maxRetries: 1 },
    );
    await scenario.startWorker({ concurrency: 3, abortGraceMs: 200, shutdownTimeoutMs: 1000 });
    await eventually(
      "the deaf one is dead",
      async () => (await scenario.queue.get("deaf"))?.state === "dead",
      {
        timeoutMs: 30_000,
      },
    );
    await scenario.drained();
    const verdict = await scenario.judge({
      retryGap,
      dead: new Map([
        ["exhausted", "exhausted"],
        ["deaf", "timeout"],
      ]),
      // The second attempt of the deaf one: its first never threw.
      extraExecutions: 1,
    });
    expect(verdict.violations).toEqual([]);
    const executions = executionsOf(scenario.history());
    expect(executions.get("exhausted")).toBe(maxRetries + 1);
    expect([executions.get(healed), executions.get("deaf")]).toEqual([3, 2]);
  });
});
