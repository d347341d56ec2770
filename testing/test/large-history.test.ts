import { createQueue, UnrecoverableError } from "@imgq/queue";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { redisForTests } from "../src/index.ts";
import { allFaults } from "../src/scenario/index.ts";

const redis = redisForTests();
/** Milliseconds of processor time a script may take on average; some 500 settles and claims need 8. */
const shortMs = 20;
/** What no script may take however busy the machine is, in microseconds by the clock. */
const longestMicros = 2_000_000;

interface Usage {
  readonly cpuMs: number;
  readonly scripts: number;
}

/** Processor time of Redis and scripts run so far. */
async function usageOf(admin: Redis): Promise<Usage> {
  const info = `${await admin.info("cpu")}${await admin.info("commandstats")}`;
  const number = (pattern: RegExp): number => Number(pattern.exec(info)?.[1] ?? 0);
  const cpuSeconds = number(/^used_cpu_user:([\d.]+)/m) + number(/^used_cpu_sys:([\d.]+)/m);
  return { cpuMs: cpuSeconds * 1000, scripts: number(/cmdstat_evalsha:calls=(\d+)/) };
}

describe.runIf(allFaults)("when very much has happened in a queue", () => {
  it("F34: 10,000 dead and 100,000 completed: caps hold, and every script stays short", async () => {
    const queue = createQueue<number>({ name: "history", redis: redis.url, maxRetries: 0 });
    const admin = new Redis(redis.url);
    await admin.config("SET", "slowlog-log-slower-than", String(longestMicros));
    await admin.call("SLOWLOG", "RESET");
    const before = await usageOf(admin);
    try {
      await runThrough(110_000, 10_000);
      const counts = await queue.counts();
      expect(counts).toMatchObject({ pending: 0, processing: 0, scheduled: 0, dead: 10_000 });
      // 1,000 are kept; dropping waits until it is worth a call.
      expect(counts.completed).toBeLessThanOrEqual(1050);
      await queue.recover();
      expect((await queue.counts()).completed).toBe(1000);
      expect((await queue.stats()).totals).toMatchObject({ completed: 100_000, dead: 10_000 });
      // Tasks that are kept, and a few keys of the queue itself.
      expect(await admin.dbsize()).toBeLessThan(11_000 + 200);
      expect((await queue.deadLetters({ limit: 1000 })).items).toHaveLength(1000);
      expect(await queue.redrive("all")).toBe(10_000);
      await runThrough(0, 10_000);
      expect(await queue.purge("dead")).toBe(10_000);
      await queue.clear();
      expect(await admin.dbsize()).toBe(0);
      const after = await usageOf(admin);
      expect((after.cpuMs - before.cpuMs) / (after.scripts - before.scripts)).toBeLessThan(shortMs);
      expect(await admin.call("SLOWLOG", "GET", "5")).toEqual([]);
    } finally {
      admin.disconnect();
      await queue.close();
    }

    /** Adds `added` tasks and ends all that are pending, `failing` of them in failure. */
    async function runThrough(added: number, failing: number): Promise<void> {
      for (let first = 0; first < added; first += 1000) {
        await queue.addMany(Array.from({ length: 1000 }, (_, index) => ({ payload: first + index })));
      }
      let failed = 0;
      for (;;) {
        const claims = await queue.claim({ worker: "w", limit: 500 });
        if (claims.length === 0) return;
        const dying = claims.slice(0, failing - failed);
        failed += dying.length;
        const ends = [
          ...dying.map((claim) => queue.fail(claim, new UnrecoverableError("on purpose"))),
          ...claims.slice(dying.length).map((claim) => queue.complete(claim)),
        ];
        await Promise.all([...ends, queue.beat({ worker: "w", leaseMs: 60_000 })]);
      }
    }
  });
});
