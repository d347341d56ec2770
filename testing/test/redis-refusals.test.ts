import { rm } from "node:fs/promises";
import { QueueFullError } from "@imgq/queue";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually, seedForTests } from "../src/index.ts";
import { allFaults, type Scenario } from "../src/scenario/index.ts";
import { scenariosForTests } from "../src/scenario/scenarios-for-tests.ts";

const open = scenariosForTests(seedForTests());
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
let admin: Redis | undefined;

beforeEach(() => {
  admin = undefined;
});
afterEach(() => admin?.disconnect());

function adminOf(scenario: Scenario): Redis {
  admin = new Redis(scenario.redis.url);
  return admin;
}

describe("when Redis refuses", () => {
  it("F12: scripts flushed all the time are no error to anybody", async () => {
    const scenario = await open();
    const redis = adminOf(scenario);
    await scenario.startWorker({ concurrency: 4 });
    const producer = await scenario.startProducer({ task: { do: "sleep", ms: 5 }, count: 400, everyMs: 5 });
    const flushing = setInterval(() => void redis.script("FLUSH"), 50);
    await producer.endWithin(60_000);
    await scenario.drained();
    clearInterval(flushing);
    expect((await scenario.judge()).violations).toEqual([]);
    expect(scenario.history().filter((event) => event.kind === "add" && event.phase === "failed")).toEqual(
      [],
    );
  });

  it("F13: workers survive FLUSHALL, leave no ghosts, and the next task works", async () => {
    const scenario = await open();
    const redis = adminOf(scenario);
    const worker = await scenario.startWorker({ concurrency: 2 });
    await scenario.add({ do: "sleep", ms: 1500 }, 6);
    await scenario.started();
    await scenario.during("flushall", async () => void (await redis.flushall()));
    const [next = ""] = await scenario.add({ do: "sleep", ms: 10 });
    await eventually(
      "the next task is done",
      async () => (await scenario.queue.get(next))?.state === "completed",
      {
        timeoutMs: 20_000,
      },
    );
    await scenario.drained();
    const verdict = await scenario.judge({ lossAllowed: true });
    expect(verdict.violations).toEqual([]);
    expect(verdict.lost).toHaveLength(6);
    expect(worker.lines.some(({ fields }) => fields.level === "error")).toBe(false);
    // A late settle must not bring back half a task.
    for (const key of await redis.keys("*:task:*")) {
      expect(await redis.hget(key, "state"), key).not.toBeNull();
    }
  });

  it("F14: a primary that is demoted for seconds loses nothing", async () => {
    const scenario = await open();
    const redis = adminOf(scenario);
    await scenario.startWorker({ concurrency: 3 });
    const producer = await scenario.startProducer({ task: { do: "sleep", ms: 20 }, count: 150, everyMs: 30 });
    await pause(1000);
    await scenario.during("readonly", async () => {
      await redis.call("REPLICAOF", "127.0.0.1", "1");
      await pause(allFaults ? 5000 : 3000);
      await redis.call("REPLICAOF", "NO", "ONE");
    });
    await producer.endWithin(60_000);
    await scenario.drained();
    expect((await scenario.judge()).violations).toEqual([]);
  });

  it("F15: with its disk full, producers get a typed error and workers wait", async () => {
    const scenario = await open();
    const redis = adminOf(scenario);
    await scenario.startWorker({ concurrency: 2 });
    await scenario.add({ do: "sleep", ms: 1000 }, 4);
    await scenario.started();
    await scenario.during("misconf", async () => {
      // Without its folder Redis cannot write the snapshot.
      await redis.config("SET", "save", "1 1");
      await rm(scenario.redis.directory, { recursive: true });
      await redis.bgsave().catch(() => {});
      await eventually("Redis takes no writes", async () =>
        (await redis.info("persistence")).includes("rdb_last_bgsave_status:err"),
      );
      await expect(scenario.queue.add({ do: "sleep", ms: 1 }, { id: "refused" })).rejects.toMatchObject({
        code: expect.stringMatching(/^IMGQ_(QUEUE|REDIS)_FULL$/),
      });
      await pause(2500);
    });
    await redis.config("SET", "stop-writes-on-bgsave-error", "no");
    await scenario.drained();
    expect((await scenario.judge()).violations).toEqual([]);
  });

  it("F16: with its memory full, add is refused, tasks in hand complete, and all heals", async () => {
    const scenario = await open();
    const redis = adminOf(scenario);
    await scenario.startWorker({ concurrency: 4 });
    const busy = await scenario.add({ do: "sleep", ms: 2000 }, 4);
    for (const id of busy) await scenario.started(id);
    await scenario.during("out-of-memory", async () => {
      await redis.config("SET", "maxmemory", "1");
      await expect(scenario.queue.add({ do: "sleep", ms: 1 }, { id: "refused" })).rejects.toBeInstanceOf(
        QueueFullError,
      );
      for (const id of busy) {
        await eventually(
          `${id} is completed`,
          async () => (await scenario.queue.get(id))?.state === "completed",
        );
      }
    });
    await redis.config("SET", "maxmemory", "0");
    await scenario.add({ do: "sleep", ms: 1 }, 10);
    await scenario.drained();
    const verdict = await scenario.judge();
    expect(verdict.violations).toEqual([]);
    expect(verdict.executions).toBe(14);
  });
});
