import { type Claim, type Queue, RetryLaterError, TooLargeError, UnrecoverableError } from "@imgq/queue";
import { describe, expect, it } from "vitest";
import { type Bench, claimIds, claimOne, START } from "./bench.ts";

export function describeSettling(bench: Bench): void {
  describe("completing", () => {
    it("keeps the result and when it was", async () => {
      const { queue, clock } = bench.open();
      const id = await queue.add({});
      const claim = await claimOne(queue);
      clock.advance(250);
      expect(await queue.complete(claim, { width: 3 })).toBe("ok");
      expect(await queue.get(id)).toMatchObject({
        state: "completed",
        result: { width: 3 },
        finishedAt: START + 250,
        attempts: [
          { attempt: 1, worker: "w1", startedAt: START, endedAt: START + 250, outcome: "completed" },
        ],
      });
    });

    it("answers a repeated settle like the first and counts it once", async () => {
      const { queue } = bench.open();
      await queue.add({});
      const claim = await claimOne(queue);
      expect(await queue.complete(claim, 1)).toBe("ok");
      expect(await queue.complete(claim, 2)).toBe("ok");
      expect((await queue.get(claim.id))?.result).toBe(1);
      expect((await queue.stats()).totals).toMatchObject({ completed: 1, leaseLost: 0 });
    });

    it("refuses to settle a claim once more in another way", async () => {
      const { queue } = bench.open();
      await queue.add({});
      const claim = await claimOne(queue);
      expect(await queue.fail(claim, new Error("first"))).toBe("ok");
      expect(await queue.complete(claim, "second")).toBe("lease-lost");
      expect(await queue.release(claim)).toBe("lease-lost");
      expect(await queue.fail(claim, new Error("first"))).toBe("ok");
      expect(await queue.get(claim.id)).toMatchObject({ state: "pending", attempt: 1 });
    });

    it("refuses a token that is not the current one", async () => {
      const { queue } = bench.open();
      await queue.add({});
      const first = await claimOne(queue);
      await queue.workerLost("w1", "killed");
      const second = await claimOne(queue, "w2");
      expect(await queue.complete(first, "late")).toBe("lease-lost");
      expect(await queue.fail(first, new Error("late"))).toBe("lease-lost");
      expect(await queue.release(first)).toBe("lease-lost");
      expect(await queue.progress(first, { fraction: 1 })).toBe("lease-lost");
      expect(await queue.complete(second, "good")).toBe("ok");
      expect(await queue.complete(first, "later")).toBe("lease-lost");
      expect((await queue.get(first.id))?.result).toBe("good");
      expect((await queue.stats()).totals.leaseLost).toBeGreaterThanOrEqual(3);
    });

    it("refuses a result that is too long and keeps the claim", async () => {
      const { queue } = bench.open({ maxPayloadBytes: 100 });
      await queue.add({});
      const claim = await claimOne(queue);
      await expect(queue.complete(claim, "x".repeat(200))).rejects.toBeInstanceOf(TooLargeError);
      expect(await queue.complete(claim, "short")).toBe("ok");
    });
  });

  describe("settling many at a time", () => {
    const claimMany = async (queue: Queue<unknown, unknown>, tasks: number): Promise<Claim<unknown>[]> => {
      await queue.addMany(Array.from({ length: tasks }, (_, payload) => ({ payload })));
      return queue.claim({ worker: "w1", limit: tasks });
    };
    /** As a busy worker settles: while its next claim is on its way, which is when Redis gives many a call of their own. */
    const busily = async <R>(queue: Queue<unknown, unknown>, settle: () => Promise<R>[]): Promise<R[]> => {
      await queue.pause();
      const claiming = queue.claim({ worker: "w1" });
      const settling = Promise.all(settle());
      expect(await claiming).toEqual([]);
      const replies = await settling;
      await queue.resume();
      return replies;
    };

    it("ends each in its own way", async () => {
      const { queue } = bench.open({ maxRetries: 0 });
      const claims = await claimMany(queue, 60);
      const replies = await busily(queue, () =>
        claims.map((claim, index) => {
          if (index % 4 === 0) return queue.complete(claim);
          if (index % 4 === 1) return queue.complete(claim, claim.payload);
          return index % 4 === 2 ? queue.fail(claim, new Error("no")) : queue.release(claim);
        }),
      );
      expect(replies).toEqual(claims.map(() => "ok"));
      expect(await queue.counts()).toMatchObject({ pending: 15, processing: 0, completed: 30, dead: 15 });
      const [bare, withResult] = await Promise.all(claims.slice(0, 2).map(({ id }) => queue.get(id)));
      expect(bare?.result).toBeUndefined();
      expect(withResult?.result).toBe(claims[1]?.payload);
    });

    it("refuses just those whose claim was lost", async () => {
      const { queue } = bench.open();
      const claims = await claimMany(queue, 40);
      await Promise.all(claims.slice(0, 20).map((claim) => queue.complete(claim)));
      const replies = await busily(queue, () => claims.map((claim) => queue.fail(claim, new Error("late"))));
      expect(replies).toEqual(claims.map((_, index) => (index < 20 ? "lease-lost" : "ok")));
      const mixed = await busily(queue, () => claims.toReversed().map((claim) => queue.complete(claim)));
      expect(mixed).toEqual(claims.map((_, index) => (index < 20 ? "lease-lost" : "ok")));
      expect((await queue.stats()).totals).toMatchObject({ completed: 20, failed: 20, leaseLost: 40 });
    });

    it("lets a worker that waits have what was given back", async () => {
      const { queue } = bench.open();
      const claims = await claimMany(queue, 40);
      const waiting = queue.claim({ worker: "w2", limit: 100, waitMs: 4000 });
      const begun = performance.now();
      // Both claims reach Redis before what is given back.
      const claiming = queue.claim({ worker: "w1" });
      const replies = await Promise.all(claims.map((claim) => queue.release(claim)));
      expect(await claiming).toEqual([]);
      expect(replies).toEqual(claims.map(() => "ok"));
      const taken = await waiting;
      // Woken: by itself it would look once more when its time is up.
      expect(performance.now() - begun).toBeLessThan(2000);
      const rest = await queue.claim({ worker: "w2", limit: 100 });
      expect(taken.length).toBeGreaterThan(0);
      expect([...taken, ...rest].map(({ id }) => id).toSorted()).toEqual(
        claims.map(({ id }) => id).toSorted(),
      );
    });

    it("leaves its worker with empty hands, as one that is to run a task alone must be", async () => {
      const { queue } = bench.open();
      const claims = await claimMany(queue, 20);
      await queue.add({}, { id: "suspect" });
      await queue.claim({ worker: "w2" });
      await queue.workerLost("w2", "killed");
      await busily(queue, () => claims.map((claim) => queue.complete(claim)));
      expect(await queue.claim({ worker: "w1", limit: 5 })).toMatchObject([{ id: "suspect", solo: true }]);
    });
  });

  describe("failing", () => {
    it("retries as often as maxRetries says, then goes to the dead letters with its whole history", async () => {
      const { queue, clock } = bench.open();
      const id = await queue.add({});
      for (let attempt = 1; attempt <= 4; attempt += 1) {
        const claim = await claimOne(queue, `w${attempt}`);
        expect(claim.attempt).toBe(attempt);
        clock.advance(10);
        expect(await queue.fail(claim, new Error(`no ${attempt}`))).toBe("ok");
      }
      const task = await queue.get(id);
      expect(task).toMatchObject({ state: "dead", deadReason: "exhausted", attempt: 4 });
      expect(task?.lastError).toMatchObject({ name: "Error", message: "no 4" });
      expect(task?.attempts.map((one) => [one.attempt, one.worker, one.outcome, one.error?.message])).toEqual(
        [
          [1, "w1", "failed", "no 1"],
          [2, "w2", "failed", "no 2"],
          [3, "w3", "failed", "no 3"],
          [4, "w4", "failed", "no 4"],
        ],
      );
      expect(task?.attempts[3]).toMatchObject({ startedAt: START + 30, endedAt: START + 40 });
      expect(task?.attempts[0]?.error?.stack?.length).toBeLessThanOrEqual(4096);
      expect(await claimIds(queue, 1)).toEqual([]);
      expect((await queue.stats()).totals).toMatchObject({ failed: 4, retried: 3, dead: 1 });
    });

    it("waits for its backoff", async () => {
      const { queue, clock } = bench.open({ backoff: (retry) => retry * 100 });
      const id = await queue.add({});
      await queue.fail(await claimOne(queue), new Error("no"));
      expect(await queue.get(id)).toMatchObject({ state: "scheduled", dueAt: START + 100, attempt: 1 });
      clock.advance(100);
      await queue.fail(await claimOne(queue), new Error("no"));
      expect(await queue.get(id)).toMatchObject({ state: "scheduled", dueAt: START + 300, attempt: 2 });
    });

    it("goes straight to dead when the error says so", async () => {
      const { queue } = bench.open();
      await queue.addMany([
        { payload: 1, id: "a" },
        { payload: 2, id: "b" },
        { payload: 3, id: "c" },
      ]);
      await queue.fail(await claimOne(queue), new UnrecoverableError("never"));
      await queue.fail(
        await claimOne(queue),
        Object.assign(new Error("no picture"), { code: "IMGQ_INVALID_IMAGE" }),
      );
      await queue.fail(await claimOne(queue), "text", { deadReason: "timeout", outcome: "timeout" });
      expect((await queue.get("a"))?.deadReason).toBe("unrecoverable");
      expect((await queue.get("b"))?.deadReason).toBe("invalid-input");
      expect((await queue.get("c"))?.deadReason).toBe("timeout");
      expect((await queue.stats()).deadByReason).toEqual({
        unrecoverable: 1,
        "invalid-input": 1,
        timeout: 1,
      });
    });

    it("dies of the timeout when its last attempt timed out", async () => {
      const { queue } = bench.open({ maxRetries: 0 });
      const id = await queue.add({});
      await queue.fail(await claimOne(queue), new Error("slow"), { outcome: "timeout" });
      expect(await queue.get(id)).toMatchObject({
        deadReason: "timeout",
        attempts: [{ outcome: "timeout" }],
      });
    });

    it("answers a repeated fail like the first, even after the retry began", async () => {
      const { queue } = bench.open();
      await queue.add({});
      const claim = await claimOne(queue);
      expect(await queue.fail(claim, new Error("no"))).toBe("ok");
      expect(await queue.fail(claim, new Error("no"))).toBe("ok");
      await claimOne(queue, "w2");
      expect(await queue.fail(claim, new Error("no"))).toBe("ok");
      expect((await queue.stats()).totals).toMatchObject({ failed: 1, leaseLost: 0 });
    });
  });

  describe("releasing", () => {
    it("gives the attempt back and puts the task first", async () => {
      const { queue } = bench.open();
      await queue.addMany([
        { payload: 1, id: "a" },
        { payload: 2, id: "b" },
      ]);
      const claim = await claimOne(queue);
      expect(await queue.release(claim)).toBe("ok");
      expect(await queue.release(claim)).toBe("ok");
      expect(await queue.get("a")).toMatchObject({ state: "pending", attempt: 0 });
      expect(await claimOne(queue)).toMatchObject({ id: "a", attempt: 1 });
      expect((await queue.stats()).totals.released).toBe(1);
    });

    it("can wait, as an error can ask for", async () => {
      const { queue, clock } = bench.open();
      await queue.add({}, { id: "a" });
      await queue.fail(await claimOne(queue), new RetryLaterError({ delayMs: 300 }));
      expect(await queue.get("a")).toMatchObject({ state: "scheduled", attempt: 0, dueAt: START + 300 });
      clock.advance(300);
      await queue.release(await claimOne(queue), { delayMs: 50 });
      expect(await queue.get("a")).toMatchObject({ state: "scheduled", dueAt: START + 350 });
    });
  });

  it("keeps the progress of the attempt in hand", async () => {
    const { queue } = bench.open();
    await queue.add({}, { id: "a" });
    const claim = await claimOne(queue);
    expect(await queue.progress(claim, { fraction: 0.5, note: "half" })).toBe("ok");
    expect((await queue.get("a"))?.progress).toEqual({ fraction: 0.5, note: "half" });
    await queue.release(claim);
    await claimOne(queue);
    expect((await queue.get("a"))?.progress).toBeUndefined();
  });
}
