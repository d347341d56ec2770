import { InvalidOptionError } from "@imgq/core";
import { NotJsonError, TooLargeError } from "@imgq/queue";
import { describe, expect, it } from "vitest";
import { type Bench, claimIds, claimOne, START } from "./bench.ts";

export function describeAdding(bench: Bench): void {
  describe("adding", () => {
    it("stores a task whose every field can be read back", async () => {
      const { queue } = bench.open();
      const id = await queue.add({ input: "a.jpg" }, { priority: "high", maxRetries: 7, timeoutMs: 1234 });
      expect(await queue.get(id)).toEqual({
        id,
        queue: queue.name,
        state: "pending",
        payload: { input: "a.jpg" },
        priority: "high",
        attempt: 0,
        maxRetries: 7,
        crashes: 0,
        timeoutMs: 1234,
        addedAt: START,
        attempts: [],
      });
      expect(await queue.get("never-added")).toBeUndefined();
    });

    it("changes nothing when the same id is added again", async () => {
      const { queue } = bench.open();
      expect(await queue.add({ first: true }, { id: "a" })).toBe("a");
      expect(await queue.add({ first: false }, { id: "a" })).toBe("a");
      expect((await queue.get("a"))?.payload).toEqual({ first: true });
      expect((await queue.counts()).pending).toBe(1);
      expect((await queue.stats()).totals.added).toBe(1);
    });

    it("returns one id for a thousand adds of it at once", async () => {
      const { queue } = bench.open();
      const ids = await Promise.all(Array.from({ length: 1000 }, () => queue.add({}, { id: "same" })));
      expect(new Set(ids)).toEqual(new Set(["same"]));
      expect((await queue.counts()).pending).toBe(1);
    });

    it("keeps the first of two tasks that come under one id in one call", async () => {
      const { queue } = bench.open();
      const tasks = [true, false].map((first) => ({ id: "a", payload: { first } }));
      expect(await queue.addMany([...tasks, { id: "b", payload: {} }])).toEqual(["a", "a", "b"]);
      expect((await queue.get("a"))?.payload).toEqual({ first: true });
      expect(await claimIds(queue, 5)).toEqual(["a", "b"]);
      expect((await queue.stats()).totals.added).toBe(2);
    });

    it("adds many in their order, and none when there are none", async () => {
      const { queue } = bench.open();
      const tasks = Array.from({ length: 1500 }, (_, index) => ({ payload: index, id: `t${index}` }));
      expect(await queue.addMany(tasks)).toEqual(tasks.map((task) => task.id));
      expect(await queue.addMany([])).toEqual([]);
      expect(await claimIds(queue, 3)).toEqual(["t0", "t1", "t2"]);
    });

    it("keeps a delayed task scheduled until it is due", async () => {
      const { queue, clock } = bench.open();
      await queue.add({}, { id: "later", delayMs: 500 });
      expect(await queue.get("later")).toMatchObject({ state: "scheduled", dueAt: START + 500 });
      clock.advance(499);
      expect(await claimIds(queue, 1)).toEqual([]);
      clock.advance(1);
      expect(await claimIds(queue, 1)).toEqual(["later"]);
    });

    it("returns the waiting or running task of the same dedupe key", async () => {
      const { queue } = bench.open();
      const first = await queue.add({ a: 1, b: 2 }, { dedupe: true });
      expect(await queue.add({ b: 2, a: 1 }, { dedupe: true })).toBe(first);
      const claim = await claimOne(queue);
      expect(await queue.add({ a: 1, b: 2 }, { dedupe: true })).toBe(first);
      await queue.complete(claim, "done");
      expect(await queue.add({ a: 1, b: 2 }, { dedupe: true })).not.toBe(first);
      expect(await queue.add({}, { dedupe: "k", id: "x" })).toBe("x");
      expect(await queue.addMany([{ payload: {}, dedupe: "k" }])).toEqual(["x"]);
    });

    it("carries the trace it was added with beside the payload, through retries and redrives", async () => {
      const { queue } = bench.open({ backoff: "none" });
      const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
      const id = await queue.add({ a: 1 }, { trace, dedupe: "a|b", priority: "high" });
      await queue.add({}, { id: "untraced" });
      const claim = await claimOne(queue);
      expect(claim).toMatchObject({ id, trace, payload: { a: 1 } });
      await queue.fail(claim, new Error("no"), { deadReason: "unrecoverable" });
      await queue.redrive([id]);
      const claims = [await claimOne(queue), await claimOne(queue)];
      const traces = Object.fromEntries(claims.map((each) => [each.id, each.trace]));
      expect(traces).toEqual({ [id]: trace, untraced: undefined });
      expect((await queue.get(id))?.trace).toBe(trace);
      await expect(queue.add({}, { trace: "mine" })).rejects.toBeInstanceOf(InvalidOptionError);
    });

    it("refuses ids, priorities and payloads that cannot work", async () => {
      const { queue } = bench.open({ maxPayloadBytes: 100 });
      for (const id of ["", "a b", "a\nb", "{x}", "x".repeat(129), "é"]) {
        await expect(queue.add({}, { id })).rejects.toBeInstanceOf(InvalidOptionError);
      }
      const urgent = JSON.parse('{"priority":"urgent"}') as { priority: "high" };
      await expect(queue.add({}, urgent)).rejects.toBeInstanceOf(InvalidOptionError);
      await expect(queue.add({}, { delayMs: -1 })).rejects.toBeInstanceOf(InvalidOptionError);
      await expect(queue.add("x".repeat(99))).rejects.toBeInstanceOf(TooLargeError);
      await expect(queue.add(undefined)).rejects.toBeInstanceOf(NotJsonError);
      await expect(queue.add({ big: 1n })).rejects.toBeInstanceOf(NotJsonError);
      expect((await queue.counts()).pending).toBe(0);
    });

    it("keeps names like __proto__ and constructor from touching anything", async () => {
      const { queue } = bench.open();
      await queue.add(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"x":1}}'), {
        id: "__proto__x",
      });
      const { payload } = await claimOne(queue);
      expect(Object.assign({}, payload)).toEqual({ constructor: { x: 1 } });
      expect(Reflect.get({}, "polluted")).toBeUndefined();
    });
  });
}
