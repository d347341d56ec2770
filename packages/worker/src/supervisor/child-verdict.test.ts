import { describe, expect, it } from "vitest";
import type { ChildReport } from "./child-messages.ts";
import { judgeChild } from "./child-verdict.ts";

const limits = {
  recycleAboveBytes: 1000 * 2 ** 20,
  recycleAfterTasks: 100,
  hardDeadlineMs: 10_000,
  wedgedAfterMs: 30_000,
};

function report(overrides: Partial<ChildReport> = {}): ChildReport {
  return {
    imgq: "report",
    workerId: "one",
    status: "running",
    rssBytes: 2 ** 20,
    finished: 5,
    longestTimeoutMs: 0,
    hangingMs: 0,
    silentMs: 0,
    silentAfterMs: 30_000,
    reachesRedis: true,
    ...overrides,
  };
}

describe("the verdict on a child", () => {
  it("keeps one that is well", () => {
    expect(judgeChild(report(), 500, limits).act).toBe("keep");
  });

  it("kills one whose main loop is blocked for longer than its tasks may take", () => {
    const busy = report({ longestTimeoutMs: 300_000 });
    expect(judgeChild(busy, 310_000, limits).act).toBe("keep");
    expect(judgeChild(busy, 310_001, limits)).toEqual({
      act: "kill",
      reason: "main loop blocked for 310 s",
    });
    expect(judgeChild(report(), 40_001, limits).act).toBe("kill");
  });

  it("recycles one in which a handler hangs, gracefully, for the sake of the others", () => {
    expect(judgeChild(report({ hangingMs: 10_000 }), 500, limits).act).toBe("keep");
    expect(judgeChild(report({ hangingMs: 10_001 }), 500, limits).act).toBe("recycle");
  });

  it("recycles after a limit of memory or tasks", () => {
    expect(judgeChild(report({ rssBytes: 1001 * 2 ** 20 }), 500, limits)).toEqual({
      act: "recycle",
      reason: "memory: 1001 MiB",
    });
    expect(judgeChild(report({ finished: 100 }), 500, limits).act).toBe("recycle");
  });
});
