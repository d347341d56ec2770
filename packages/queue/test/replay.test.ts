import { readFileSync } from "node:fs";
import { RedisConnection, type ScriptArgument } from "@imgq/core/redis";
import { redisForTests } from "@imgq/testing";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { scripts } from "../src/redis/scripts.ts";

const redis = redisForTests();
const documented = readFileSync(new URL("../../../docs/redis-keys.md", import.meta.url), "utf8");
const base = "imgq:{replay}";
let admin: Redis;
let connection: RedisConnection;

beforeAll(() => {
  admin = new Redis(redis.url);
  connection = new RedisConnection({ source: redis.url, name: "replay" });
});
afterEach(async () => {
  for (const key of await admin.keys(`${base}:task:*`)) {
    for (const field of await admin.hkeys(key)) expect(documented).toContain(`\`${field}\``);
  }
  await admin.flushall();
});
afterAll(async () => {
  admin.disconnect();
  await connection.close();
});

const NOW = 1_700_000_000_000;

/** Runs a script as the queue does, at `now`, with events. */
function run(name: keyof typeof scripts, args: readonly ScriptArgument[], now = NOW): Promise<unknown> {
  return scripts[name].run(connection, [base], [now, "", ...args]);
}

/** Everything in Redis, but for the counter of refused settles. */
async function everything(): Promise<Record<string, unknown>> {
  const keys = (await admin.keys("*")).toSorted();
  const contents = keys.map(async (key) => [key, await contentOf(key)] as const);
  return Object.fromEntries(await Promise.all(contents));
}

async function contentOf(key: string): Promise<unknown> {
  switch (await admin.type(key)) {
    case "hash":
      return admin.hgetall(key);
    case "list":
      return admin.lrange(key, 0, -1);
    case "zset":
      return admin.zrange(key, "0", "-1", "WITHSCORES");
    default:
      return admin.get(key);
  }
}

const round = (
  sequence: number,
  limit: number,
  settles: readonly ScriptArgument[] = [0],
): ScriptArgument[] => [
  "w1",
  "session",
  sequence,
  sequence - 1,
  limit,
  0,
  limit > 0 ? 1 : 0,
  1000,
  0,
  "",
  100,
  ...settles,
];

async function addTwo(): Promise<void> {
  await run("add", [3, 300_000, 3, "a", '"A"', "", "b", '"B"', "high|3|300000|0||same"]);
}

/** Two tasks in the hands of w1, under token NOW. */
async function claimTwo(): Promise<void> {
  await addTwo();
  await run("cycle", round(1, 2));
}

interface Case {
  readonly story: string;
  readonly before: () => Promise<unknown>;
  readonly script: keyof typeof scripts;
  readonly args: readonly ScriptArgument[];
  readonly at?: number;
  /** Whether the reply of the repetition is that of the first run. @default true */
  readonly sameReply?: boolean;
}

const nothing = (): Promise<void> => Promise.resolve();
const tasks: ScriptArgument[] = [3, 300_000, 3, "a", '"A"', "", "b", '"B"', "low|1|500|50||key"];

async function bury(): Promise<void> {
  await claimTwo();
  await run("cycle", round(2, 0, [0, "fail", "a", NOW, "failed", "{}", "unrecoverable", 0]));
}

const cases: readonly Case[] = [
  { story: "add", before: nothing, script: "add", args: tasks, sameReply: false },
  { story: "a claim whose reply was lost", before: addTwo, script: "cycle", args: round(1, 2) },
  {
    story: "complete",
    before: claimTwo,
    script: "cycle",
    args: round(2, 0, [1, NOW, 1, 2, "a", '"result"']),
  },
  {
    story: "complete with a claim",
    before: claimTwo,
    script: "cycle",
    args: round(2, 5, [2, NOW, 2, 1, "a", "b"]),
  },
  {
    story: "fail",
    before: claimTwo,
    script: "cycle",
    args: round(2, 0, [0, "fail", "a", NOW, "failed", '{"name":"E","message":"m"}', "", 50]),
  },
  {
    story: "fail to dead",
    before: claimTwo,
    script: "cycle",
    args: round(2, 0, [0, "fail", "a", NOW, "failed", "{}", "unrecoverable", 0]),
  },
  { story: "release", before: claimTwo, script: "cycle", args: round(2, 0, [0, "release", "a", NOW, 0]) },
  { story: "many completes", before: claimTwo, script: "settle", args: ["w1", 100, 2, NOW, 2, 1, "a", "b"] },
  {
    story: "many settles",
    before: claimTwo,
    script: "settle",
    args: ["w1", 100, 1, NOW, 1, 2, "a", '"result"', "fail", "b", NOW, "failed", "{}", "", 50],
  },
  { story: "progress", before: claimTwo, script: "progress", args: ["a", NOW, '{"fraction":0.5}'] },
  { story: "beat", before: claimTwo, script: "beat", args: ["w1", 1000] },
  { story: "cancel of a waiting task", before: addTwo, script: "cancel", args: ["b", 100], sameReply: false },
  { story: "cancel of a running task", before: claimTwo, script: "cancel", args: ["a", 100] },
  {
    story: "workerLost",
    before: claimTwo,
    script: "workerLost",
    args: ["w1", "killed", 2, 100],
    sameReply: false,
  },
  { story: "workerLeft", before: () => run("beat", ["w1", 1000]), script: "workerLeft", args: ["w1"] },
  {
    story: "recover",
    before: claimTwo,
    script: "recover",
    args: [2, 100, 1e6, 30_000, "0,5"],
    at: NOW + 5000,
    sameReply: false,
  },
  { story: "redrive", before: bury, script: "redrive", args: ["a", 0], sameReply: false },
  { story: "purge", before: bury, script: "purge", args: ["dead", 0, ""], sameReply: false },
  { story: "pause", before: addTwo, script: "pause", args: ["pause"] },
  { story: "resume", before: () => run("pause", ["pause"]), script: "pause", args: ["resume"] },
  { story: "clear", before: bury, script: "clear", args: [] },
];

describe("a script that is sent twice because its reply was lost", () => {
  it.each(cases)(
    "changes nothing the second time: $story",
    async ({ before, script, args, at, sameReply }) => {
      await before();
      const untouched = await everything();
      const first = await run(script, args, at);
      const once = await everything();
      if (script !== "workerLeft" && script !== "beat") expect(once).not.toEqual(untouched);
      const second = await run(script, args, at);
      expect(await everything()).toEqual(once);
      if (sameReply !== false) expect(second).toEqual(first);
    },
  );

  it("gives a late claim nothing once a later round was answered", async () => {
    await addTwo();
    await run("cycle", round(5, 1));
    const before = await everything();
    expect(await run("cycle", round(4, 1))).toEqual(["ok", [], -1]);
    expect(await everything()).toEqual(before);
  });

  it("gives a late claim nothing once a later round was answered that claimed nothing", async () => {
    // The worker gave round 1 up while Redis was frozen; round 2 overtook it on another connection, and a task came.
    await run("cycle", ["w1", "session", 2, 0, 0, 0, 0, 1000, 0, "", 100, 0]);
    await addTwo();
    const before = await everything();
    expect(await run("cycle", ["w1", "session", 1, 0, 2, 0, 1, 1000, 0, "", 100, 0])).toEqual(["ok", [], -1]);
    expect(await everything()).toEqual(before);
    expect(await run("cycle", ["w1", "session", 3, 2, 2, 0, 1, 1000, 0, "", 100, 0])).toHaveLength(4);
  });

  it("hands the tasks of a claim whose reply was given up to the next claim", async () => {
    await addTwo();
    const lost = await run("cycle", round(1, 2));
    const next = await run("cycle", ["w1", "session", 2, 0, 2, 0, 1, 1000, 0, "", 100, 0]);
    expect(next).toEqual(lost);
  });

  it("leaves only keys that belong to what is stored", async () => {
    await claimTwo();
    await run("cycle", round(2, 0, [2, NOW, 2, 1, "a", "b"]));
    expect(Object.keys(await everything())).toEqual(
      ["completed", "counters", "fence", "leases", "series:28333333", "task:a", "task:b", "worker:w1"].map(
        (name) => `${base}:${name}`,
      ),
    );
    expect(await admin.ttl(`${base}:series:28333333`)).toBeGreaterThan(0);
  });
});
