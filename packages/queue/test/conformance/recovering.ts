import { describe, expect, it } from "vitest";
import { type Bench, claimIds, claimOne } from "./bench.ts";

/** The default deadline of a call, and five seconds. */
const FORGOTTEN_AFTER_MS = 10_000;

export function describeRecovering(bench: Bench): void {
  describe("recovering", () => {
    it("takes back all of a worker whose lease ran out, and nothing of one that beats", async () => {
      const { queue, clock } = bench.open();
      await queue.addMany(Array.from({ length: 6 }, (_, index) => ({ payload: index, id: `t${index}` })));
      await queue.claim({ worker: "w1", limit: 3 });
      await queue.claim({ worker: "w2", limit: 2 });
      await queue.beat({ worker: "w1", leaseMs: 1000 });
      for (let beats = 0; beats < 3; beats += 1) {
        clock.advance(500);
        await queue.beat({ worker: "w2", leaseMs: 1000 });
      }
      expect(await queue.recover()).toMatchObject({ lost: 3, dead: 0 });
      expect(await queue.recover()).toMatchObject({ lost: 0 });
      expect(await queue.counts()).toMatchObject({ pending: 4, processing: 2 });
      const task = await queue.get("t0");
      expect(task).toMatchObject({
        state: "pending",
        crashes: 1,
        attempts: [{ outcome: "lost", worker: "w1" }],
      });
      expect(task?.lastError?.message).toContain("worker lost");
      expect(task?.lastError?.message).toContain("w1");
    });

    it("recovers without any beat too", async () => {
      const { queue, clock } = bench.open();
      await queue.add({});
      await claimOne(queue);
      clock.advance(999);
      expect(await queue.recover()).toMatchObject({ lost: 0 });
      clock.advance(1);
      expect(await queue.recover()).toMatchObject({ lost: 1 });
    });

    it("takes a silence of everybody for an outage and waits one lease after the first beat", async () => {
      const { queue, clock } = bench.open();
      await queue.addMany([{ payload: 1 }, { payload: 2 }]);
      await claimOne(queue, "w1");
      await claimOne(queue, "w2");
      await queue.beat({ worker: "w1", leaseMs: 1000 });
      await queue.beat({ worker: "w2", leaseMs: 1000 });
      clock.advance(60_000);
      expect(await queue.recover()).toMatchObject({ lost: 0 });
      await queue.beat({ worker: "w1", leaseMs: 1000 });
      expect(await queue.recover()).toMatchObject({ lost: 0 });
      clock.advance(900);
      await queue.beat({ worker: "w1", leaseMs: 1000 });
      expect(await queue.recover()).toMatchObject({ lost: 0 });
      clock.advance(100);
      expect(await queue.recover()).toMatchObject({ lost: 1 });
    });

    it("gives back what a living worker does not hold, and tells it so", async () => {
      const { queue, clock } = bench.open({ leaseMs: 60_000 });
      await queue.addMany(["held", "forgotten", "later"].map((id) => ({ payload: {}, id })));
      const held = await claimOne(queue);
      const forgotten = await claimOne(queue);
      await queue.recover();
      clock.advance(FORGOTTEN_AFTER_MS);
      await queue.recover();
      const holding = { worker: "w1", claims: [held], lastToken: forgotten.token };
      expect(await queue.recover({ holding })).toMatchObject({ forgotten: 1, timedOut: 0, lost: 0 });
      expect(await queue.get("forgotten")).toMatchObject({
        state: "pending",
        attempt: 0,
        crashes: 0,
        attempts: [{ outcome: "released", worker: "w1", error: { name: "ForgottenError" } }],
      });
      expect(await queue.complete(held)).toBe("ok");
      expect(await queue.complete(forgotten)).toBe("lease-lost");
      const { lost } = await queue.beat({ worker: "w1", leaseMs: 1000 });
      expect(lost).toEqual([{ id: "forgotten", token: forgotten.token }]);
      expect(await claimIds(queue, 1, "w2")).toEqual(["forgotten"]);
    });

    it("leaves alone what the worker may still receive, and what others hold", async () => {
      const { queue, clock } = bench.open({ leaseMs: 60_000 });
      await queue.addMany(["first", "other", "on-its-way", "young"].map((id) => ({ payload: {}, id })));
      const first = await claimOne(queue);
      await claimOne(queue, "w2");
      await claimOne(queue);
      const holding = { worker: "w1", claims: [first], lastToken: first.token };
      await queue.recover();
      clock.advance(FORGOTTEN_AFTER_MS);
      const young = await claimOne(queue);
      await queue.recover();
      // The third is older than any reply, but its token is later than the last one that arrived.
      expect(await queue.recover({ holding })).toMatchObject({ forgotten: 0 });
      // Now it is not; the fourth is too young to be judged.
      const later = { ...holding, lastToken: young.token };
      expect(await queue.recover({ holding: later })).toMatchObject({ forgotten: 1 });
      expect(await queue.counts()).toMatchObject({ processing: 3, pending: 1 });
    });

    it("says when the first lease runs out", async () => {
      const { queue, clock } = bench.open({ leaseMs: 1000 });
      expect((await queue.recover()).nextLeaseMs).toBeUndefined();
      await queue.beat({ worker: "w1", leaseMs: 1000 });
      clock.advance(300);
      await queue.beat({ worker: "w2", leaseMs: 1000 });
      expect((await queue.recover()).nextLeaseMs).toBe(700);
      clock.advance(700);
      // The first to run out has been taken back: the next is the other.
      expect((await queue.recover()).nextLeaseMs).toBe(300);
    });

    it("tells a worker what it lost, again and again", async () => {
      const { queue } = bench.open();
      await queue.add({});
      const { id, token } = await claimOne(queue);
      expect(await queue.beat({ worker: "w1", leaseMs: 1000 })).toEqual({ lost: [], cancelled: [] });
      expect(await queue.workerLost("w1", "exit code 139")).toBe(1);
      expect(await queue.workerLost("w1", "exit code 139")).toBe(0);
      expect((await queue.beat({ worker: "w1", leaseMs: 1000 })).lost).toEqual([{ id, token }]);
      expect((await queue.beat({ worker: "w1", leaseMs: 1000 })).lost).toEqual([{ id, token }]);
    });

    it("runs suspects alone, and blames only the one that crashes its worker", async () => {
      const { queue } = bench.open({ maxCrashes: 2 });
      await queue.addMany(["poison", "good1", "good2"].map((id) => ({ payload: id, id })));
      await queue.claim({ worker: "w0", limit: 3 });
      await queue.workerLost("w0", "SIGSEGV");
      await queue.add("fresh", { id: "fresh" });
      const outcomes: string[] = [];
      for (let round = 1; round <= 5; round += 1) {
        const claims = await queue.claim({ worker: `w${round}`, limit: 10 });
        const [claim] = claims;
        if (claim === undefined || claim.id === "fresh") break;
        expect(claims).toHaveLength(1);
        expect(claim.solo).toBe(true);
        expect(await queue.claim({ worker: `w${round}`, limit: 10 })).toEqual([]);
        outcomes.push(claim.id);
        if (claim.id === "poison") await queue.workerLost(`w${round}`, "SIGSEGV");
        else expect(await queue.complete(claim)).toBe("ok");
      }
      expect(outcomes.toSorted()).toEqual(["good1", "good2", "poison", "poison"]);
      expect(await queue.get("poison")).toMatchObject({
        state: "dead",
        deadReason: "crash-loop",
        crashes: 3,
      });
      expect(await queue.counts()).toMatchObject({ completed: 2, dead: 1 });
    });

    it("empties one worker for a suspect and leaves the others at work", async () => {
      const { queue } = bench.open();
      await queue.add({}, { id: "suspect" });
      await claimOne(queue, "w0");
      await queue.addMany(["a", "b", "c", "d"].map((id) => ({ payload: id, id })));
      const held = await claimOne(queue, "w1");
      const other = await claimOne(queue, "w2");
      await queue.workerLost("w0", "killed");
      expect(await queue.claim({ worker: "w1", limit: 5 })).toEqual([]);
      expect(await claimIds(queue, 1, "w2")).toHaveLength(1);
      await queue.complete(held);
      expect(await queue.claim({ worker: "w1", limit: 5 })).toMatchObject([{ id: "suspect", solo: true }]);
      expect(await queue.complete(other)).toBe("ok");
    });

    it("empties no worker for suspects that were cancelled or purged", async () => {
      const { queue } = bench.open();
      const suspects = ["cancelled", "purged"];
      await queue.addMany(suspects.map((id) => ({ payload: id, id })));
      await queue.claim({ worker: "w0", limit: 2 });
      await queue.add({}, { id: "held" });
      await claimOne(queue, "w1");
      await queue.workerLost("w0", "killed");
      expect(await queue.cancel("cancelled")).toBe("cancelled");
      expect(await queue.purge("pending", { ids: ["purged"] })).toBe(1);
      expect(await queue.counts()).toMatchObject({ pending: 0, processing: 1 });
      await queue.add({}, { id: "next" });
      expect(await queue.counts()).toMatchObject({ pending: 1 });
      expect(await queue.claim({ worker: "w1", limit: 5 })).toMatchObject([{ id: "next", solo: false }]);
    });

    it("does not count crashes against the retries", async () => {
      const { queue } = bench.open({ maxRetries: 1, maxCrashes: 5 });
      await queue.add({}, { id: "a" });
      for (let round = 0; round < 3; round += 1) {
        await claimOne(queue, `w${round}`);
        await queue.workerLost(`w${round}`, "killed");
      }
      await queue.fail(await claimOne(queue), new Error("1"));
      expect((await queue.get("a"))?.state).toBe("pending");
      await queue.fail(await claimOne(queue), new Error("2"));
      expect((await queue.get("a"))?.state).toBe("dead");
    });

    it("takes a task whose timeout passed long ago from a worker that still beats", async () => {
      const { queue, clock } = bench.open({ maxRetries: 1 });
      await queue.add({}, { id: "a", timeoutMs: 5000 });
      for (const outcome of ["pending", "dead"]) {
        const claim = await claimOne(queue);
        await queue.beat({ worker: "w1", leaseMs: 1_000_000 });
        clock.advance(34_999);
        expect(await queue.recover()).toMatchObject({ timedOut: 0 });
        clock.advance(1);
        expect(await queue.recover()).toMatchObject({ timedOut: 1, lost: 0 });
        expect((await queue.get("a"))?.state).toBe(outcome);
        expect(await queue.complete(claim)).toBe("lease-lost");
      }
      expect((await queue.get("a"))?.deadReason).toBe("timeout");
    });

    it("answers a repeated settle of an earlier attempt, though a later one was forgotten", async () => {
      const { queue, clock } = bench.open();
      await queue.add({}, { id: "a", timeoutMs: 1000 });
      const first = await claimOne(queue);
      expect(await queue.fail(first, new Error("1"))).toBe("ok");
      const second = await claimOne(queue);
      await queue.beat({ worker: "w1", leaseMs: 1_000_000 });
      clock.advance(60_000);
      expect(await queue.recover()).toMatchObject({ timedOut: 1 });
      expect(await queue.fail(second, new Error("2"))).toBe("lease-lost");
      expect(await queue.fail(first, new Error("1"))).toBe("ok");
    });

    it("forgets a worker that left", async () => {
      const { queue, clock } = bench.open();
      await queue.beat({ worker: "w1", leaseMs: 1000 });
      await queue.workerLeft("w1");
      await queue.workerLeft("w1");
      clock.advance(5000);
      expect(await queue.recover()).toMatchObject({ lost: 0 });
    });

    it("promotes what is due and drops finished tasks that are too old, though nothing runs", async () => {
      const { queue, clock } = bench.open({ retention: { maxAgeMs: 10_000, maxCount: 100 } });
      await queue.add({}, { id: "done" });
      await queue.complete(await claimOne(queue));
      await queue.add({}, { id: "gone" });
      await queue.cancel("gone");
      await queue.add({}, { id: "later", delayMs: 9000 });
      clock.advance(9999);
      expect(await queue.recover()).toMatchObject({ promoted: 1, expired: 0 });
      clock.advance(1);
      expect(await queue.recover()).toMatchObject({ expired: 2 });
      expect(await queue.get("done")).toBeUndefined();
      expect(await queue.counts()).toMatchObject({ pending: 1, completed: 0, cancelled: 0 });
    });
  });
}
