import { describe, expect, it } from "vitest";
import { queueSnapshot, redisUp, snapshotOf, workerRecord } from "../test/builders.ts";
import { findingsOf } from "./findings.ts";
import type { Snapshot } from "./snapshot.ts";

function problems(snapshot: Snapshot): string[] {
  return findingsOf(snapshot)
    .filter((finding) => finding.level !== "ok")
    .map((finding) => `${finding.level} ${finding.check}`);
}

describe("the findings", () => {
  it("have nothing to say about a healthy system", () => {
    expect(problems(snapshotOf())).toEqual([]);
  });

  it.each([
    [{ policy: "allkeys-lru" }, "error redis-policy"],
    [{ version: "6.0.16" }, "error redis-version"],
    [{ server: "valkey" as const, version: "7.2.5" }, undefined],
    [{ version: "10.0.0" }, undefined],
    [{ appendOnly: false }, "warning redis-persistence"],
    [{ persistenceOk: false }, "error redis-persistence"],
    [{ usedMemoryBytes: 85, maxMemoryBytes: 100 }, "warning redis-memory"],
    [{ usedMemoryBytes: 96, maxMemoryBytes: 100 }, "error redis-memory"],
    [{ role: "slave" }, "error redis-role"],
    [{ roundTripMs: 80 }, "warning redis-round-trip"],
  ])("judge %j as %s", (redis, expected) => {
    expect(problems(snapshotOf({ redis: { ...redisUp, ...redis } }))).toEqual(
      expected === undefined ? [] : [expected],
    );
  });

  it("name the remedy with each problem, and none without", () => {
    const all = findingsOf(snapshotOf({ redis: { ...redisUp, policy: "allkeys-lru" }, workerList: [] }));
    for (const finding of all) expect(finding.remedy !== undefined).toBe(finding.level !== "ok");
  });

  it("say when Redis is unreachable, and nothing they cannot know", () => {
    const down = { reachable: false, error: { name: "Error", message: "refused" }, since: 0 } as const;
    expect(problems(snapshotOf({ redis: down }))).toEqual(["error redis"]);
  });

  it("look at workers: unserved queues, mixed versions, wedged ones", () => {
    const { metadata } = workerRecord();
    const other = workerRecord({
      id: "worker-2",
      state: "wedged",
      metadata: { ...metadata, versions: { imgq: "2.0.0" } },
    });
    const snapshot = snapshotOf({
      queues: [queueSnapshot(), queueSnapshot({ name: "lonely" })],
      workerList: [workerRecord(), other],
    });
    expect(problems(snapshot)).toEqual([
      "warning workers-queues",
      "warning workers-versions",
      "error workers-wedged",
    ]);
  });
});
