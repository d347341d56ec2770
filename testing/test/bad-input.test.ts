import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { seedForTests } from "../src/index.ts";
import { executionsOf, imageWork, strayFiles } from "../src/scenario/index.ts";
import { scenariosForTests } from "../src/scenario/scenarios-for-tests.ts";

const open = scenariosForTests(seedForTests());

const picture = '"input":"rocket.jpg","output":"hostile.jpg"';
/** Payloads as somebody may write them into Redis, each as text: not all of them are JSON. */
const hostile: Readonly<Record<string, string>> = {
  "no-json": "{oops",
  "no-image": '{"do":"image"}',
  "null-image": '{"do":"image","image":null}',
  "number-image": '{"do":"image","image":7}',
  "list-image": '{"do":"image","image":[[[[]]]]}',
  "no-paths": '{"do":"image","image":{"filters":[]}}',
  "paths-of-other-types": '{"do":"image","image":{"input":5,"output":{},"filters":[]}}',
  "filters-of-another-type": `{"do":"image","image":{${picture},"filters":"blur"}}`,
  "unknown-filter": `{"do":"image","image":{${picture},"filters":[{"filter":"nonsense","params":{}}]}}`,
  "filter-constructor": `{"do":"image","image":{${picture},"filters":[{"filter":"constructor","params":{}}]}}`,
  "filter-proto": `{"do":"image","image":{${picture},"filters":[{"filter":"__proto__","params":{}}]}}`,
  "bad-params": `{"do":"image","image":{${picture},"filters":[{"filter":"blur","params":{"sigma":"NaN"}}]}}`,
  "out-of-the-root": '{"do":"image","image":{"input":"../package.json","output":"x.jpg","filters":[]}}',
  "into-another-root": '{"do":"image","image":{"input":"rocket.jpg","output":"../x.jpg","filters":[]}}',
  "no-such-format": `{"do":"image","image":{${picture},"filters":[],"encode":{"format":"__proto__"}}}`,
  deep: `{"do":"image","image":{${picture},"filters":${"[".repeat(5000)}${"]".repeat(5000)}}}`,
};

describe("when somebody writes into Redis by hand", () => {
  it("F28: hostile payloads die as invalid at the first attempt, and the workers work on", async () => {
    const scenario = await open();
    const { tasks, expected } = await imageWork(scenario.inputRoot, 4);
    await scenario.startWorker({ concurrency: 2 });
    await scenario.startWorker({ concurrency: 2 });
    const redis = new Redis(scenario.redis.url);
    const fields = { state: "pending", attempt: 0, maxRetries: 3, addedAt: Date.now() };
    for (const [id, payload] of Object.entries(hostile)) {
      // As the scenario's own adds are, so that the checker knows them.
      scenario.recordTo.record({ kind: "add", phase: "invoked", id });
      await redis.hset(`imgq:{chaos}:task:${id}`, { ...fields, payload });
      await redis.lpush("imgq:{chaos}:pending:normal", id);
      scenario.recordTo.record({ kind: "add", phase: "acknowledged", id });
    }
    const polluting =
      '{"do":"sleep","ms":1,"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    scenario.recordTo.record({ kind: "add", phase: "invoked", id: "polluting" });
    await redis.hset("imgq:{chaos}:task:polluting", { ...fields, payload: polluting });
    await redis.lpush("imgq:{chaos}:pending:normal", "polluting");
    scenario.recordTo.record({ kind: "add", phase: "acknowledged", id: "polluting" });
    for (const task of tasks) await scenario.add(task);
    await scenario.drained(120_000);
    // Both workers, so that each of them is asked.
    const probes = await scenario.add({ do: "inspect-prototypes" }, 8);
    await scenario.drained();
    for (const id of probes) expect((await scenario.queue.get(id))?.result).toEqual({ polluted: [] });
    const dead = new Map(Object.keys(hostile).map((id) => [id, "invalid-input" as const]));
    const verdict = await scenario.judge({ dead });
    expect(verdict.violations).toEqual([]);
    const executions = executionsOf(scenario.history());
    for (const id of Object.keys(hostile)) expect(executions.get(id) ?? 0, id).toBeLessThanOrEqual(1);
    expect(await strayFiles(scenario.outputRoot, expected.keys())).toEqual([]);
    redis.disconnect();
  });
});
