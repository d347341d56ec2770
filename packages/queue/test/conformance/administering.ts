import { TaskNotFoundError, WaitTimeoutError } from "@imgq/queue";
import { eventually } from "@imgq/testing";
import type { Queue } from "@imgq/queue";
import { describe, expect, it } from "vitest";
import { type Bench, claimIds, claimOne, START } from "./bench.ts";

export function describeAdministering(bench: Bench): void {
  describe("cancelling", () => {
    it("cancels waiting tasks at once", async () => {
      const { queue } = bench.open();
      await queue.addMany([
        { payload: 1, id: "a" },
        { payload: 2, id: "b", delayMs: 100 },
        { payload: 3, id: "c" },
      ]);
      expect(await queue.cancel("a")).toBe("cancelled");
      expect(await queue.cancel("b")).toBe("cancelled");
      expect(await queue.cancel("a")).toBe("finished");
      expect(await queue.cancel("none")).toBe("not-found");
      expect(await queue.counts()).toMatchObject({ pending: 1, scheduled: 0, cancelled: 2 });
      expect(await claimIds(queue, 5)).toEqual(["c"]);
      expect(await queue.counts()).toMatchObject({ pending: 0, processing: 1, cancelled: 2 });
    });

    it("asks the holder of a running one to stop", async () => {
      const { queue } = bench.open();
      await queue.add(1, { id: "a" });
      const claim = await claimOne(queue);
      expect(await queue.cancel("a")).toBe("requested");
      expect(await queue.cancel("a")).toBe("requested");
      const { cancelled } = await queue.beat({ worker: "w1", leaseMs: 1000 });
      expect(cancelled).toEqual([{ id: "a", token: claim.token }]);
      expect(await queue.fail(claim, new Error("aborted"), { deadReason: "cancelled" })).toBe("ok");
      expect(await queue.get("a")).toMatchObject({
        state: "cancelled",
        attempts: [{ outcome: "cancelled" }],
      });
    });

    it("lets a task that was to be cancelled neither retry nor come back", async () => {
      const { queue } = bench.open();
      await queue.addMany([
        { payload: 1, id: "a" },
        { payload: 2, id: "b" },
        { payload: 3, id: "c" },
      ]);
      const [failed, released, lost] = [
        await claimOne(queue),
        await claimOne(queue),
        await claimOne(queue, "w2"),
      ];
      for (const id of ["a", "b", "c"]) await queue.cancel(id);
      await queue.fail(failed, new Error("x"));
      await queue.release(released);
      await queue.workerLost("w2", "killed");
      expect(lost.id).toBe("c");
      expect(await queue.counts()).toMatchObject({ cancelled: 3, pending: 0, scheduled: 0, processing: 0 });
    });

    it("accepts the result of a task that was faster than its cancellation", async () => {
      const { queue } = bench.open();
      await queue.add(1, { id: "a" });
      const claim = await claimOne(queue);
      await queue.cancel("a");
      expect(await queue.complete(claim, "done")).toBe("ok");
      expect((await queue.get("a"))?.state).toBe("completed");
    });
  });

  describe("dead letters", () => {
    async function withDead(ids: readonly string[]): Promise<ReturnType<Bench["open"]>> {
      const opened = bench.open({ maxRetries: 0 });
      await opened.queue.addMany(ids.map((id) => ({ payload: id, id })));
      for (const id of ids) {
        opened.clock.advance(1);
        const options = id.startsWith("bad") ? { deadReason: "invalid-input" as const } : {};
        await opened.queue.fail(await claimOne(opened.queue), new Error(id), options);
      }
      return opened;
    }

    it("are listed newest first, by reason and by page", async () => {
      const { queue } = await withDead(["a", "bad1", "b", "bad2", "c"]);
      const ids = async (
        options: Parameters<typeof queue.deadLetters>[0],
      ): Promise<[string[], string | undefined]> => {
        const { items, next } = await queue.deadLetters(options);
        return [items.map((task) => task.id), next];
      };
      expect((await ids({}))[0]).toEqual(["c", "bad2", "b", "bad1", "a"]);
      expect((await ids({ reason: "invalid-input" }))[0]).toEqual(["bad2", "bad1"]);
      expect((await ids({ reason: "timeout" }))[0]).toEqual([]);
      const [first, after] = await ids({ limit: 2 });
      expect(first).toEqual(["c", "bad2"]);
      if (after === undefined) throw new Error("there is a second page");
      const [second, afterSecond] = await ids({ limit: 2, after });
      expect(second).toEqual(["b", "bad1"]);
      if (afterSecond === undefined) throw new Error("there is a third page");
      expect(await ids({ limit: 2, after: afterSecond })).toEqual([["a"], undefined]);
    });

    it("go back one by one, by reason or all, with their attempts counted anew", async () => {
      const { queue } = await withDead(["a", "bad1", "b", "bad2", "c"]);
      expect(await queue.redrive(["a", "none"])).toBe(1);
      expect(await queue.redrive(["a"])).toBe(0);
      expect(await queue.get("a")).toMatchObject({
        state: "pending",
        attempt: 0,
        attempts: [{ outcome: "failed" }],
      });
      expect((await queue.get("a"))?.deadReason).toBeUndefined();
      expect(await queue.redrive({ reason: "invalid-input" }, { dryRun: true })).toBe(2);
      expect((await queue.counts()).dead).toBe(4);
      expect(await queue.redrive({ reason: "invalid-input" })).toBe(2);
      expect(await queue.redrive("all")).toBe(2);
      expect(await queue.counts()).toMatchObject({ dead: 0, pending: 5 });
      expect(await claimOne(queue)).toMatchObject({ attempt: 1 });
      expect((await queue.stats()).totals.redriven).toBe(5);
    });

    it("can be spread over time", async () => {
      const { queue, clock } = await withDead(["a", "b", "c"]);
      expect(await queue.redrive("all", { ratePerSecond: 2 })).toBe(3);
      expect(await queue.counts()).toMatchObject({ pending: 1, scheduled: 2 });
      clock.advance(500);
      expect(await claimIds(queue, 5)).toEqual(["a", "b"]);
      clock.advance(500);
      expect(await claimIds(queue, 5)).toEqual(["c"]);
    });

    it("stay until purged", async () => {
      const { queue, clock } = await withDead(["a", "b", "c"]);
      clock.advance(100 * 24 * 3_600_000);
      await queue.recover();
      expect((await queue.counts()).dead).toBe(3);
      expect(await queue.purge("dead", { ids: ["b", "none"] })).toBe(1);
      expect(await queue.purge("dead", { olderThanMs: 1e12 })).toBe(0);
      expect(await queue.purge("dead")).toBe(2);
      expect(await queue.get("a")).toBeUndefined();
    });
  });

  describe("retention and purge", () => {
    it("keeps no more finished tasks than asked for", async () => {
      const { queue } = bench.open({ retention: { maxCount: 3 } });
      await queue.addMany(Array.from({ length: 8 }, (_, index) => ({ payload: index, id: `t${index}` })));
      for (let index = 0; index < 8; index += 1) await queue.complete(await claimOne(queue));
      expect(await queue.counts()).toMatchObject({ completed: 3 });
      expect((await queue.list("completed")).items.map((task) => task.id)).toEqual(["t7", "t6", "t5"]);
      expect(await queue.get("t0")).toBeUndefined();
      expect((await queue.stats()).totals.completed).toBe(8);
    });

    it("pages through completed tasks, each once, while others complete and old ones are dropped", async () => {
      const { queue } = bench.open({ retention: { maxCount: 6 } });
      const finish = async (...ids: string[]): Promise<void> => {
        await queue.addMany(ids.map((id) => ({ payload: id, id })));
        for (const _ of ids) await queue.complete(await claimOne(queue));
      };
      const idsOf = (page: { readonly items: readonly { readonly id: string }[] }): string[] =>
        page.items.map((task) => task.id);
      await finish("a", "b", "c", "d", "e", "f");
      const first = await queue.list("completed", { limit: 2 });
      expect(idsOf(first)).toEqual(["f", "e"]);
      await finish("g", "h");
      const second = await queue.list("completed", { limit: 1, after: first.next ?? "" });
      expect(idsOf(second)).toEqual(["d"]);
      const third = await queue.list("completed", { limit: 9, after: second.next ?? "" });
      expect(idsOf(third)).toEqual(["c"]);
      expect(third.next).toBeUndefined();
    });

    it("purges the completed tasks that are old, or named, and leaves the others", async () => {
      const { queue, clock } = bench.open();
      const finish = async (id: string): Promise<void> => {
        await queue.add(id, { id });
        await queue.complete(await claimOne(queue));
      };
      for (const id of ["a", "b", "c"]) await finish(id);
      clock.advance(1000);
      for (const id of ["d", "e", "f"]) await finish(id);
      expect(await queue.purge("completed", { olderThanMs: 500, ids: ["b", "e", "none"] })).toBe(1);
      expect(await queue.purge("completed", { olderThanMs: 500 })).toBe(2);
      expect(await queue.purge("completed", { ids: ["e"] })).toBe(1);
      expect((await queue.list("completed")).items.map((task) => task.id)).toEqual(["f", "d"]);
    });

    it("purges a pending task that is old though it was retried and waits behind younger ones", async () => {
      const { queue, clock } = bench.open({ backoff: "none" });
      await queue.add(1, { id: "old" });
      const claim = await claimOne(queue);
      clock.advance(1000);
      await queue.addMany([
        { payload: 2, id: "young" },
        { payload: 3, id: "younger" },
      ]);
      await queue.fail(claim, new Error("try again"));
      expect(await queue.purge("pending", { olderThanMs: 500 })).toBe(1);
      expect(await queue.get("old")).toBeUndefined();
      expect((await queue.counts()).pending).toBe(2);
      expect(await claimIds(queue, 5)).toEqual(["young", "younger"]);
      expect((await queue.counts()).pending).toBe(0);
    });

    it("purges waiting and finished tasks", async () => {
      const { queue, clock } = bench.open();
      await queue.addMany([
        { payload: 1, id: "a" },
        { payload: 2, id: "b" },
        { payload: 3, delayMs: 50 },
      ]);
      await queue.complete(await claimOne(queue));
      clock.advance(1000);
      await queue.add(4, { id: "young" });
      expect(await queue.purge("pending", { olderThanMs: 500 })).toBe(1);
      expect(await queue.purge("scheduled")).toBe(1);
      expect(await queue.purge("completed")).toBe(1);
      expect(await queue.counts()).toEqual({
        scheduled: 0,
        pending: 1,
        processing: 0,
        completed: 0,
        dead: 0,
        cancelled: 0,
      });
      expect(await queue.add("again", { id: "b" })).toBe("b");
      expect(await claimIds(queue, 5)).toEqual(["young", "b"]);
    });

    it("is empty after clear", async () => {
      const { queue } = bench.open();
      await queue.addMany([{ payload: 1 }, { payload: 2, delayMs: 10 }, { payload: 3 }]);
      const claim = await claimOne(queue);
      await queue.clear();
      expect(await queue.complete(claim)).toBe("lease-lost");
      expect(Object.values(await queue.counts()).every((count) => count === 0)).toBe(true);
      expect((await queue.stats()).totals.added).toBe(0);
    });
  });

  describe("the days", () => {
    const DAY = 24 * 3_600_000;
    const work = async (queue: Queue<unknown, unknown>, completed: number, dead: number): Promise<void> => {
      await queue.addMany(Array.from({ length: completed + dead }, (_, payload) => ({ payload })));
      const claims = await queue.claim({ worker: "w1", limit: completed + dead });
      for (const [index, claim] of claims.entries()) {
        if (index < completed) await queue.complete(claim, 1);
        else await queue.fail(claim, new Error("no"), { deadReason: "unrecoverable" });
      }
    };

    it("tell what was completed, failed and died on each, at once and after it was folded", async () => {
      const { queue, clock } = bench.open();
      await work(queue, 3, 1);
      expect(await queue.days(2)).toEqual([
        { day: "2023-11-13", completed: 0, failed: 0, dead: 0 },
        { day: "2023-11-14", completed: 3, failed: 1, dead: 1 },
      ]);
      await queue.recover();
      await work(queue, 2, 0);
      clock.advance(60_000);
      await queue.recover();
      expect((await queue.days(1))[0]).toMatchObject({ completed: 5, failed: 1, dead: 1 });
      // The worker ended, and its last minute is folded by the next one, two days later.
      await work(queue, 1, 0);
      clock.advance(2 * DAY);
      expect((await queue.days(3)).map(({ completed }) => completed)).toEqual([6, 0, 0]);
      await queue.recover();
      await work(queue, 0, 2);
      clock.advance(60_000);
      await queue.recover();
      const days = await queue.days(3);
      expect(days.map(({ completed }) => completed)).toEqual([6, 0, 0]);
      expect(days.map(({ dead }) => dead)).toEqual([1, 0, 2]);
    });

    it("are kept for ninety, and the sum of all is the total", async () => {
      const { queue, clock } = bench.open({ retention: { maxCount: 10 } });
      for (let day = 0; day < 95; day += 1) {
        await queue.recover();
        await work(queue, 1, 0);
        clock.advance(DAY);
      }
      await queue.recover();
      const days = await queue.days();
      expect(days).toHaveLength(90);
      // Today has just begun.
      expect(days.reduce((sum, { completed }) => sum + completed, 0)).toBe(89);
      await expect(queue.days(91)).rejects.toThrow(/count must be a whole number from 1 to 90; got 91/);
      await queue.clear();
      expect((await queue.days()).every(({ completed }) => completed === 0)).toBe(true);
    });
  });

  describe("looking", () => {
    it("lists each state page by page", async () => {
      const { queue } = bench.open();
      await queue.addMany([
        ...["p1", "p2", "p3"].map((id) => ({ payload: id, id })),
        { payload: "s1", id: "s1", delayMs: 10 },
        { payload: "s2", id: "s2", delayMs: 5 },
      ]);
      const first = await queue.list("pending", { limit: 2 });
      expect(first.items.map((task) => task.id)).toEqual(["p1", "p2"]);
      if (first.next === undefined) throw new Error("there is a second page");
      const second = await queue.list("pending", { limit: 2, after: first.next });
      expect(second.items.map((task) => task.id)).toEqual(["p3"]);
      expect(second.next).toBeUndefined();
      expect((await queue.list("scheduled")).items.map((task) => task.id)).toEqual(["s2", "s1"]);
      await claimOne(queue);
      expect((await queue.list("processing")).items.map((task) => task.id)).toEqual(["p1"]);
    });

    it("tells rates, durations and the age of the oldest pending task", async () => {
      const { queue, clock } = bench.open({ maxRetries: 0 });
      await queue.addMany([{ payload: 1 }, { payload: 2 }, { payload: 3 }]);
      clock.advance(100);
      const [good, bad] = await queue.claim({ worker: "w1", limit: 2 });
      if (good === undefined || bad === undefined) throw new Error("two were there");
      clock.advance(1000);
      await queue.complete(good);
      await queue.fail(bad, new Error("x"));
      const stats = await queue.stats();
      expect(stats.at).toBe(START + 1100);
      expect(stats.oldestPendingAgeMs).toBe(1100);
      expect(stats.recent.failureRate).toBe(0.5);
      expect(stats.recent.completedPerMinute).toBeGreaterThan(0);
      expect(stats.recent.wait.p50).toBeGreaterThanOrEqual(100);
      expect(stats.recent.wait.p50).toBeLessThan(120);
      expect(stats.recent.run.p99).toBeGreaterThanOrEqual(1000);
      expect(stats.recent.run.p99).toBeLessThan(1200);
      expect(stats.histograms?.run.counts.reduce((sum, count) => sum + count, 0)).toBe(2);
      clock.advance(3_600_000);
      expect((await queue.stats()).recent.wait).toEqual({});
      expect((await queue.stats()).histograms?.run.sumMs).toBe(2000);
    });
  });

  describe("waiting for a task", () => {
    it("serves all callers when it ends", async () => {
      const { queue } = bench.open();
      const id = await queue.add(1);
      const waits = Promise.all([1, 2, 3].map(() => queue.wait(id, { timeoutMs: 20_000 })));
      await queue.complete(await claimOne(queue), "done");
      expect((await waits).map((task) => task.result)).toEqual(["done", "done", "done"]);
      expect((await queue.wait(id, { timeoutMs: 1000 })).state).toBe("completed");
    });

    it("gives up in time, for unknown tasks and when told to", async () => {
      const { queue } = bench.open();
      const id = await queue.add(1);
      await expect(queue.wait(id, { timeoutMs: 30 })).rejects.toBeInstanceOf(WaitTimeoutError);
      await expect(queue.wait("none", { timeoutMs: 20_000 })).rejects.toBeInstanceOf(TaskNotFoundError);
      const abort = new AbortController();
      const waiting = queue.wait(id, { timeoutMs: 20_000, signal: abort.signal });
      abort.abort(new Error("enough"));
      await expect(waiting).rejects.toThrow("enough");
    });
  });

  it("streams events without payloads", async () => {
    const { queue } = bench.open({ events: true, maxRetries: 0 });
    const abort = new AbortController();
    const seen: string[] = [];
    let probed = false;
    const listening = (async () => {
      for await (const event of queue.events({ signal: abort.signal })) {
        probed ||= event.id === "probe";
        if (event.id === "probe") continue;
        seen.push(`${event.type} ${event.id} ${event.state} ${event.attempt}`);
        expect(JSON.stringify(event)).not.toContain("secret");
        if (event.type === "redriven") abort.abort();
      }
    })();
    await eventually("the listener hears", async () => {
      await queue.add("", { id: "probe" });
      await queue.purge("pending");
      return probed;
    });
    await queue.add("secret", { id: "a" });
    const claim = await claimOne(queue);
    await queue.fail(claim, new Error("x"));
    await queue.redrive("all");
    await listening;
    expect(seen).toEqual([
      "added a pending 0",
      "claimed a processing 1",
      "dead a dead 1",
      "redriven a pending 0",
    ]);
  });
}
