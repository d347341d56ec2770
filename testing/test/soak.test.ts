import { describe, expect, it } from "vitest";
import { type Fault, runNemesis, seedForTests } from "../src/index.ts";
import { allFaults, type NodeProcess, type Scenario } from "../src/scenario/index.ts";
import { scenariosForTests } from "../src/scenario/scenarios-for-tests.ts";

const random = seedForTests();
const open = scenariosForTests(random);

/** Everything the harness can do to three workers and their Redis, kept short so that one run meets many of them. */
function faultsOn(scenario: Scenario, workers: NodeProcess[]): Fault[] {
  const restart = async (index: number): Promise<void> => {
    workers[index] = await scenario.startWorker({ concurrency: 3 });
  };
  let frozen: NodeProcess | undefined;
  return [
    {
      name: "kill-worker",
      weight: 3,
      begin: async (seeded) => {
        const index = seeded.integer(0, workers.length - 1);
        const victim = workers[index];
        await victim?.kill();
        await restart(index);
        return victim?.pid;
      },
    },
    {
      name: "freeze-worker",
      weight: 2,
      lastsMs: [500, 7000],
      begin: (seeded) => {
        frozen = seeded.pick(workers);
        frozen.freeze();
        return frozen.pid;
      },
      end: () => frozen?.thaw(),
    },
    {
      name: "kill-redis",
      lastsMs: [0, 0],
      begin: async () => {
        await scenario.redis.kill();
        await scenario.redis.restart();
      },
    },
    {
      name: "freeze-redis",
      lastsMs: [500, 6000],
      begin: () => scenario.redis.freeze(),
      end: () => scenario.redis.thaw(),
    },
    {
      name: "cut-connections",
      weight: 2,
      begin: () => void scenario.proxy.killAll(),
    },
    {
      name: "dead-network",
      lastsMs: [500, 6000],
      begin: () => scenario.proxy.set({ blackhole: true }),
      end: () => scenario.proxy.set({}),
    },
    {
      name: "late-network",
      lastsMs: [500, 6000],
      begin: () => scenario.proxy.set({ pause: true }),
      end: () => scenario.proxy.set({}),
    },
    {
      name: "stranded-connections",
      begin: () => void scenario.proxy.strandAll(),
    },
    {
      name: "lost-replies",
      weight: 2,
      lastsMs: [500, 3000],
      begin: () => scenario.proxy.set({ loseReply: 0.1 }),
      end: () => scenario.proxy.set({}),
    },
    {
      name: "slow-network",
      lastsMs: [500, 3000],
      begin: () => scenario.proxy.set({ latencyMs: 20, jitterMs: 300 }),
      end: () => scenario.proxy.set({}),
    },
  ];
}

describe("when everything happens", () => {
  it.each(Array.from({ length: allFaults ? 5 : 1 }, (_, run) => run))(
    "run %i: no task is lost, none has two results, none is blamed for the faults",
    async (run) => {
      const seeded = random.fork(`run-${run}`);
      // Faults here come faster than in life: the crash limit must not be what kills.
      const scenario = await open({
        redisArgs: ["--appendonly", "yes", "--appendfsync", "always"],
        queue: { maxCrashes: 1000, leaseMs: 2000 },
      });
      const workers = await Promise.all([1, 2, 3].map(() => scenario.startWorker({ concurrency: 3 })));
      const forMs = allFaults ? 60_000 : 12_000;
      const producers = [
        await scenario.startProducer({ task: { do: "sleep", ms: 30 }, count: forMs / 20, everyMs: 20 }),
        await scenario.startProducer({ task: { do: "sleep", ms: 1500 }, count: forMs / 1000, everyMs: 1000 }),
        await scenario.startProducer({ task: { do: "fail", times: 1 }, count: forMs / 500, everyMs: 500 }),
      ];
      const done = await runNemesis({
        faults: faultsOn(scenario, workers),
        random: seeded,
        history: scenario.recordTo,
        peaceMs: [200, 1500],
        forMs,
      });
      await Promise.all(producers.map((producer) => producer.endWithin(120_000)));
      await scenario.drained(120_000);
      const verdict = await scenario.judge();
      expect(verdict.violations, `after ${done.join(", ")}`).toEqual([]);
      expect(verdict.lost).toEqual([]);
    },
    allFaults ? 400_000 : 120_000,
  );
});
