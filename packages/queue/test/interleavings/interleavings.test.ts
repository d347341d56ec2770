import { ok } from "node:assert/strict";
import { redisForTests } from "@imgq/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, test } from "vitest";
import { checkRescue } from "./closing.ts";
import { addCall, execute, loadScripts } from "./execute.ts";
import { explore } from "./explore.ts";
import { checkWorld } from "./invariants.ts";
import { emptySnapshot, executeAt } from "./snapshots.ts";
import { type Budget, startOfWorld } from "./world.ts";

const workers = ["w1", "w2"];

/** A usual run looks at as much as fits in its time, in random order; asked for by hand, at all of it. */
const everything = process.env.IMGQ_MODEL_RUNS !== undefined;
const maxMs = everything ? 3_600_000 : 5000;

interface Scenario {
  readonly tasks: readonly string[];
  readonly budget: Partial<Budget>;
}

/** Each trouble beside each other one, at least once; three together where they are known to bite. */
const scenarios: Readonly<Record<string, Scenario>> = {
  "a worker pauses past its lease with the only task": {
    tasks: ["a"],
    budget: { lapses: 1, recoveries: 1 },
  },
  "replies are lost, calls sent again or given up": {
    tasks: ["a", "b"],
    budget: { resends: 1, giveUps: 1 },
  },
  "a worker pauses past its lease, and calls are sent again": {
    tasks: ["a", "b"],
    budget: { lapses: 1, recoveries: 1, beats: 1, resends: 1 },
  },
  "completes overtake rounds": {
    tasks: ["a", "b"],
    budget: { lapses: 1, recoveries: 1, asides: 1, resends: 1 },
  },
  "attempts fail and are given back meanwhile": {
    tasks: ["a", "b"],
    budget: { lapses: 1, recoveries: 1, failures: 1, releases: 1, giveUps: 1 },
  },
};

describe("two workers, in every order of calls, replies, losses and pauses", () => {
  const server = redisForTests();
  let redis: Redis;
  beforeAll(async () => {
    redis = new Redis(server.url);
    await loadScripts(redis);
  });
  afterAll(() => redis.disconnect());

  for (const [trouble, { tasks, budget }] of Object.entries(scenarios)) {
    test(`never have two results accepted when ${trouble}`, { timeout: maxMs + 60_000 }, async () => {
      const { after } = await executeAt(redis, emptySnapshot, addCall(tasks));
      let ends = 0;
      const found = await explore(startOfWorld(workers, { ...none, ...budget }, after), {
        execute: (step) => execute(redis, step),
        check: async (world, last) => {
          checkWorld(world);
          ends += last ? 1 : 0;
          if (last && ends % 10 === 1) await checkRescue(redis, world, tasks);
        },
        maxMs,
        random: Math.random,
      });
      console.log(
        `${found.worlds} worlds, ${found.steps} steps: ${found.complete ? "all" : "as many as fit"}`,
      );
      ok(found.complete || (!everything && found.worlds > 100));
    });
  }
});

const none: Budget = {
  rounds: 2,
  resends: 0,
  giveUps: 0,
  lapses: 0,
  recoveries: 0,
  beats: 0,
  failures: 0,
  releases: 0,
  asides: 0,
};
