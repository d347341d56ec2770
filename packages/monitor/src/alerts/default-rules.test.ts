import { describe, expect, it } from "vitest";
import { queueSnapshot, redisUp, snapshotOf, workerRecord } from "../../test/builders.ts";
import type { Snapshot } from "../snapshot.ts";
import type { AlertStates } from "./alert.ts";
import { defaultRules } from "./default-rules.ts";
import { evaluate } from "./evaluate.ts";

/** What fires when a system stays in `snapshot` for ten minutes. */
function firingIn(snapshot: Snapshot): string[] {
  let states: AlertStates = {};
  for (let at = 0; at <= 600_000; at += 2000) states = evaluate(defaultRules, snapshot, states, at).states;
  return Object.entries(states)
    .filter(([, state]) => state.phase === "firing")
    .map(([key]) => key);
}

/** Milliseconds after which `rule` fires when the system stays in `snapshot`, looked at each 2 s. */
function firesAfterMs(snapshot: Snapshot, rule: string): number | undefined {
  let states: AlertStates = {};
  for (let at = 0; at <= 600_000; at += 2000) {
    const round = evaluate(defaultRules, snapshot, states, at);
    if (round.messages.some((message) => message.rule === rule)) return at;
    states = round.states;
  }
  return undefined;
}

const counts = queueSnapshot().counts;
const recent = queueSnapshot().recent;
const dead = workerRecord({ alive: false, state: "dead" });

describe("the default rules", () => {
  it("are silent about a healthy, busy system", () => {
    const busy = queueSnapshot({
      counts: { ...counts, pending: 500, processing: 2, dead: 10 },
      backlog: 502,
      oldestPendingAgeMs: 60_000,
      recent: { ...recent, completedPerMinute: 100, failedPerMinute: 100, failureRate: 0.5 },
    });
    expect(firingIn(snapshotOf({ queues: [busy] }))).toEqual([]);
    expect(firingIn(snapshotOf())).toEqual([]);
  });

  it("ring when all workers are dead while tasks wait, 5 to 10 seconds after it is seen", () => {
    const waiting = queueSnapshot({ counts: { ...counts, pending: 3 }, backlog: 3 });
    const snapshot = snapshotOf({ queues: [waiting], workerList: [dead] });
    expect(firingIn(snapshot)).toEqual(["all-workers-dead/images"]);
    expect(firesAfterMs(snapshot, "all-workers-dead")).toBeLessThanOrEqual(10_000);
    // Nobody to do nothing is fine; and so is a worker that serves the queue.
    expect(firingIn(snapshotOf({ workerList: [dead] }))).toEqual([]);
    expect(firingIn(snapshotOf({ queues: [waiting], workerList: [dead, workerRecord()] }))).toEqual([]);
  });

  it("count only workers that serve the queue", () => {
    const waiting = queueSnapshot({ counts: { ...counts, pending: 3 }, backlog: 3 });
    const elsewhere = workerRecord({ metadata: { ...workerRecord().metadata, queues: ["other"] } });
    expect(firingIn(snapshotOf({ queues: [waiting], workerList: [elsewhere] }))).toEqual([
      "all-workers-dead/images",
    ]);
  });

  it("ring above ten dead letters", () => {
    const letters = (number: number): Snapshot =>
      snapshotOf({ queues: [queueSnapshot({ counts: { ...counts, dead: number } })] });
    expect(firingIn(letters(10))).toEqual([]);
    expect(firingIn(letters(11))).toEqual(["dead-letters/images"]);
  });

  it("ring when more than half of at least twenty recent attempts failed", () => {
    const failing = (failedPerMinute: number, completedPerMinute: number): Snapshot =>
      snapshotOf({
        queues: [
          queueSnapshot({
            recent: {
              ...recent,
              failedPerMinute,
              completedPerMinute,
              failureRate: failedPerMinute / (failedPerMinute + completedPerMinute),
            },
          }),
        ],
      });
    expect(firingIn(failing(3, 1))).toEqual(["failure-rate/images"]);
    expect(firingIn(failing(2.8, 1))).toEqual([]);
    expect(firingIn(failing(50, 50))).toEqual([]);
  });

  it("ring when a task waits for more than five minutes, unless the queue is paused", () => {
    const old = queueSnapshot({ counts: { ...counts, pending: 1 }, backlog: 1, oldestPendingAgeMs: 300_001 });
    expect(firingIn(snapshotOf({ queues: [old] }))).toEqual(["oldest-pending/images"]);
    expect(firingIn(snapshotOf({ queues: [{ ...old, paused: true }] }))).toEqual([]);
  });

  it("ring when nothing ends although slots are free, later when all slots are busy", () => {
    const stuck = (sinceProgressMs: number): Snapshot["queues"] => [
      queueSnapshot({ counts: { ...counts, pending: 5 }, backlog: 5, sinceProgressMs }),
    ];
    const vitals = workerRecord().vitals;
    const full = workerRecord(vitals === undefined ? {} : { vitals: { ...vitals, busySlots: 2 } });
    expect(firingIn(snapshotOf({ queues: stuck(121_000) }))).toEqual(["no-progress/images"]);
    expect(firingIn(snapshotOf({ queues: stuck(121_000), workerList: [full] }))).toEqual([]);
    expect(firingIn(snapshotOf({ queues: stuck(421_000), workerList: [full] }))).toEqual([
      "no-progress/images",
    ]);
  });

  it("ring when Redis is down, and about nothing else while nothing can be seen", () => {
    const blind = snapshotOf({
      redis: { reachable: false, error: { name: "Error", message: "away" }, since: 0 },
      queues: [queueSnapshot({ stale: true, counts: { ...counts, pending: 9, dead: 99 }, backlog: 9 })],
      workerList: [dead],
      workersStale: true,
    });
    expect(firingIn(blind)).toEqual(["redis-down/system"]);
  });

  it("ring when Redis is nearly full", () => {
    const used = (bytes: number): Snapshot =>
      snapshotOf({ redis: { ...redisUp, usedMemoryBytes: bytes, maxMemoryBytes: 1000 } });
    expect(firingIn(used(901))).toEqual(["redis-memory/system"]);
    expect(firingIn(used(900))).toEqual([]);
  });

  it("ring when a worker's main loop does not turn", () => {
    expect(firingIn(snapshotOf({ workerList: [workerRecord({ state: "wedged" })] }))).toEqual([
      "worker-wedged/worker-1",
    ]);
  });
});
