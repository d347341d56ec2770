import { createQueue } from "@imgq/queue";
import { clusterForTests } from "@imgq/testing";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";

const redis = clusterForTests();

describe("a queue whose slot moves to another node while it works", () => {
  it("loses no task and accepts each result once", async () => {
    const template = redis.cluster.connect();
    const queue = createQueue<number, number>({
      name: "moving",
      redis: template,
      deadlineMs: 20_000,
      leaseMs: 60_000,
    });
    const [first] = redis.cluster.addresses;
    const admin = new Redis(first?.port ?? 0, "127.0.0.1");
    const slot = Number(await admin.call("CLUSTER", "KEYSLOT", "imgq:{moving}"));
    try {
      let moving = true;
      const moves = (async () => {
        for (let round = 1; round <= 4; round += 1) await redis.cluster.moveSlot(slot, round % 3);
        moving = false;
      })();
      const added: string[] = [];
      const completed: string[] = [];
      let producing = true;
      const producer = (async () => {
        while (moving || added.length < 200) {
          const size = 1 + (added.length % 7);
          added.push(
            ...(await queue.addMany(Array.from({ length: size }, (_, index) => ({ payload: index })))),
          );
        }
        producing = false;
      })();
      const consumer = (async () => {
        while (producing || completed.length < added.length) {
          const claims = await queue.claim({ worker: "w1", limit: 5, waitMs: 200 });
          for (const claim of claims) {
            expect(await queue.complete(claim, claim.payload)).toBe("ok");
            completed.push(claim.id);
          }
        }
      })();
      await Promise.all([moves, producer]);
      await consumer;
      expect(new Set(completed).size).toBe(completed.length);
      expect(new Set(completed)).toEqual(new Set(added));
      expect(await queue.counts()).toMatchObject({ pending: 0, processing: 0 });
      expect((await queue.stats()).totals).toMatchObject({
        added: added.length,
        completed: added.length,
        leaseLost: 0,
      });
    } finally {
      admin.disconnect();
      await queue.close();
      template.disconnect();
    }
  });
});
