import { describe, expect, it } from "vitest";
import { type Bench, claimIds, claimOne, START } from "./bench.ts";

export function describeClaiming(bench: Bench): void {
  describe("claiming", () => {
    it("gives the oldest task first, with all a handler needs", async () => {
      const { queue } = bench.open();
      await queue.add("one", { id: "1", timeoutMs: 777 });
      await queue.add("two", { id: "2" });
      const [claim] = await queue.claim({ worker: "w1" });
      expect(claim).toMatchObject({
        id: "1",
        queue: queue.name,
        payload: "one",
        attempt: 1,
        maxRetries: 3,
        crashes: 0,
        timeoutMs: 777,
        addedAt: START,
        worker: "w1",
        solo: false,
      });
      expect(await queue.get("1")).toMatchObject({
        state: "processing",
        attempt: 1,
        worker: "w1",
        claimedAt: START,
      });
    });

    it("gives each task to one worker only, and never more than asked for", async () => {
      const { queue } = bench.open();
      await queue.addMany(Array.from({ length: 30 }, (_, index) => ({ payload: index })));
      const parts = await Promise.all(["w1", "w2", "w3", "w4"].map((worker) => claimIds(queue, 8, worker)));
      expect(parts.every((part) => part.length <= 8)).toBe(true);
      expect(new Set(parts.flat()).size).toBe(30);
      expect(await queue.counts()).toMatchObject({ pending: 0, processing: 30 });
    });

    it("issues tokens that rise", async () => {
      const { queue } = bench.open();
      await queue.addMany([{ payload: 1 }, { payload: 2 }]);
      const first = await claimOne(queue);
      const second = await claimOne(queue, "w2");
      expect(Number(second.token)).toBeGreaterThan(Number(first.token));
      await queue.release(first);
      expect(Number((await claimOne(queue, "w2")).token)).toBeGreaterThan(Number(second.token));
    });

    it("goes by priority, but lets nobody wait for ever", async () => {
      const { queue } = bench.open();
      await queue.add(0, { id: "low", priority: "low" });
      await queue.add(0, { id: "normal" });
      for (let index = 0; index < 60; index += 1) await queue.add(0, { id: `h${index}`, priority: "high" });
      const order = [...(await claimIds(queue, 30)), ...(await claimIds(queue, 32, "w2"))];
      expect(order.slice(0, 8)).toEqual(["h0", "h1", "h2", "h3", "h4", "h5", "h6", "h7"]);
      expect(order.indexOf("normal")).toBe(8);
      expect(order.indexOf("low")).toBeGreaterThan(8);
      expect(order.indexOf("low")).toBeLessThan(40);
    });

    it("gives nothing while paused, and all again after resume", async () => {
      const { queue } = bench.open();
      await queue.add(1);
      await queue.pause();
      expect(await claimIds(queue, 1)).toEqual([]);
      expect((await queue.stats()).paused).toBe(true);
      await queue.resume();
      expect(await claimIds(queue, 1)).toHaveLength(1);
    });

    it("takes more ahead, but leaves half of what is pending to others", async () => {
      const { queue } = bench.open();
      await queue.addMany(Array.from({ length: 21 }, (_, index) => ({ payload: index })));
      const ahead = async (limit: number, most: number) =>
        (await queue.claim({ worker: "w1", limit, ahead: most })).map((claim) => claim.payload);
      expect(await ahead(1, 4)).toEqual([0, 1, 2, 3, 4]);
      expect(await ahead(2, 100)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13]);
      expect(await ahead(0, 100)).toEqual([14, 15, 16]);
      expect(await queue.counts()).toMatchObject({ pending: 4, processing: 17 });
    });

    it("takes ahead by priority", async () => {
      const { queue } = bench.open();
      for (const priority of ["low", "normal", "high"] as const) {
        await queue.addMany([0, 1].map(() => ({ payload: priority, priority })));
      }
      const claims = await queue.claim({ worker: "w1", limit: 1, ahead: 9 });
      expect(claims.map((claim) => claim.payload)).toEqual(["high", "high", "normal"]);
    });

    it("does not wait for what it would only take ahead", async () => {
      const { queue } = bench.open();
      expect(await queue.claim({ worker: "w1", limit: 0, ahead: 5, waitMs: 60_000 })).toEqual([]);
      await queue.add("the only one");
      expect(await queue.claim({ worker: "w1", limit: 0, ahead: 5, waitMs: 60_000 })).toEqual([]);
      await expect(queue.claim({ worker: "w1", limit: 0 })).rejects.toThrow(/limit must be/);
      expect(await claimIds(queue, 1, "w2")).toHaveLength(1);
    });

    it("waits for a task that is added later", async () => {
      const { queue } = bench.open();
      const waiting = queue.claim({ worker: "w1", waitMs: 20_000 });
      await queue.add("here");
      expect((await waiting).map((claim) => claim.payload)).toEqual(["here"]);
    });

    it("waits no longer than asked", async () => {
      const { queue } = bench.open();
      const startedAt = performance.now();
      expect(await queue.claim({ worker: "w1", waitMs: 50 })).toEqual([]);
      expect(performance.now() - startedAt).toBeGreaterThan(45);
    });

    it("ends its wait when the signal aborts", async () => {
      const { queue } = bench.open();
      const abort = new AbortController();
      const waiting = queue.claim({ worker: "w1", waitMs: 60_000, signal: abort.signal });
      abort.abort();
      expect(await waiting).toEqual([]);
      await queue.add("for another");
      expect(await claimIds(queue, 1, "w2")).toHaveLength(1);
    });

    it("wakes a waiting worker on resume, on retry and on redrive", async () => {
      const { queue } = bench.open({ maxRetries: 0 });
      await queue.pause();
      await queue.add("a", { id: "a" });
      const resumed = queue.claim({ worker: "w1", waitMs: 20_000 });
      await queue.resume();
      const [claim] = await resumed;
      if (claim === undefined) throw new Error("not woken by resume");
      const released = queue.claim({ worker: "w2", waitMs: 20_000 });
      await queue.release(claim);
      const [again] = await released;
      if (again === undefined) throw new Error("not woken by release");
      await queue.fail(again, new Error("no"));
      const redriven = queue.claim({ worker: "w3", waitMs: 20_000 });
      await queue.redrive(["a"]);
      expect(await redriven).toHaveLength(1);
    });
  });
}
