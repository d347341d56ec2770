import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { clusterForTests, type SentinelGroup, seedForTests, sentinelForTests } from "../src/index.ts";
import { allFaults, eventually, longestPauseMs } from "../src/scenario/index.ts";
import { scenariosForTests } from "../src/scenario/scenarios-for-tests.ts";

const random = seedForTests();
const open = scenariosForTests(random);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.runIf(allFaults)("when the primary changes", () => {
  const harness = sentinelForTests({ replicas: 2, sentinels: 3 });

  const failovers = {
    "is asked to hand over": (group: SentinelGroup) => group.failover(),
    "is killed": async (group: SentinelGroup) => {
      const before = await group.primary();
      await before.stop("SIGKILL");
      await group.primaryOtherThan(before);
    },
  } as const;
  it.each(["is asked to hand over", "is killed"] as const)(
    "F22: the primary %s: workers go on within 15 s, and what is lost is counted",
    async (how) => {
      const { source } = harness.group;
      const scenario = await open({ place: source });
      await scenario.queue.clear();
      await scenario.startWorker({ concurrency: 3 });
      await scenario.startWorker({ concurrency: 3 });
      const producer = await scenario.startProducer({
        task: { do: "sleep", ms: 20 },
        count: 400,
        everyMs: 25,
      });
      await pause(1500);
      const before = await harness.group.primary();
      await scenario.during("failover", () => failovers[how](harness.group));
      // A primary that was asked to hand over goes on taking writes, all of which are lost in the end.
      if (how === "is asked to hand over") await nobodyUses(before);
      await producer.endWithin(90_000);
      await scenario.drained(90_000);
      const pausedMs = longestPauseMs(scenario.history());
      // Replication is asynchronous: what the old primary had not passed on is gone, and only that.
      const verdict = await scenario.judge({ lossAllowed: true, extraExecutions: 400 });
      expect(verdict.violations).toEqual([]);
      expect(pausedMs).toBeLessThan(15_000);
      expect(verdict.lost.length).toBeLessThan(40);
    },
  );
});

describe.runIf(allFaults)("when a replica takes over that has not seen the last writes", () => {
  it("F22: a task whose end it missed is not left to its timeout by the worker that has ended it", async () => {
    const scenario = await open();
    const worker = await scenario.startWorker({ concurrency: 1 });
    const [id = ""] = await scenario.add({ do: "sleep", ms: 700 });
    await scenario.started(id, worker);
    const admin = new Redis(scenario.redis.url);
    const replicated = await dump(admin);
    await scenario.drained();
    await scenario.during("failover", () => restore(admin, replicated));
    admin.disconnect();
    expect(await scenario.queue.counts()).toMatchObject({ processing: 1 });
    // Older than any reply that may still be on its way, a round of recovery, the run.
    await scenario.drained(20_000);
    const verdict = await scenario.judge({ lossAllowed: true, extraExecutions: 1 });
    expect(verdict.violations).toEqual([]);
    const { attempt, crashes, attempts } = (await scenario.queue.get(id)) ?? {};
    expect({ attempt, crashes }).toEqual({ attempt: 1, crashes: 0 });
    expect(attempts?.map(({ outcome }) => outcome)).toEqual(["released", "completed"]);
  });
});

async function dump(redis: Redis): Promise<Map<string, Buffer>> {
  const keys = await redis.keys("*");
  const values = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
  return new Map(keys.map((key, index) => [key, values[index] ?? Buffer.alloc(0)]));
}

/** In one step, as a failover is to those who live through it. */
async function restore(redis: Redis, values: ReadonlyMap<string, Buffer>): Promise<void> {
  const transaction = redis.multi().flushall();
  for (const [key, value] of values) if (value.length > 0) transaction.restore(key, 0, value);
  await transaction.exec();
}

/** Resolves when no client of imgq is connected to a server any more. */
async function nobodyUses({ port }: { readonly port: number }): Promise<void> {
  const admin = new Redis(port);
  try {
    await eventually(
      "the old primary is left",
      async () => !String(await admin.client("LIST")).includes("name=imgq:"),
      { timeoutMs: 5000 },
    );
  } finally {
    admin.disconnect();
  }
}

describe.runIf(allFaults)("when a cluster moves its slots", () => {
  const harness = clusterForTests({ nodes: 3 });

  it("F23: a queue whose slot moves from node to node under load loses and repeats nothing", async () => {
    const { cluster } = harness;
    const scenario = await open({ place: { cluster: cluster.addresses } });
    const client = cluster.connect();
    const slot = Number(await client.cluster("KEYSLOT", "imgq:{chaos}:fence"));
    client.disconnect();
    await scenario.startWorker({ concurrency: 3 });
    await scenario.startWorker({ concurrency: 3 });
    const producer = await scenario.startProducer({ task: { do: "sleep", ms: 20 }, count: 200, everyMs: 25 });
    await scenario.during("resharding", async () => {
      for (let move = 0; move < 12; move += 1) {
        await cluster.moveSlot(slot, move % 3);
        await pause(500);
      }
    });
    await producer.endWithin(90_000);
    await scenario.drained();
    const verdict = await scenario.judge();
    expect(verdict.violations).toEqual([]);
    expect(verdict.executions).toBe(verdict.attempts);
  });
});
