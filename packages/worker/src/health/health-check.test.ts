import { describe, expect, it } from "vitest";
import { judgeLife, judgeReadiness } from "./health-check.ts";

const well = { status: "running", silentMs: 0, silentAfterMs: 30_000, reachesRedis: true } as const;

describe("the health of a worker", () => {
  it("is live and ready when it runs", () => {
    expect(judgeLife(well).ok).toBe(true);
    expect(judgeReadiness(well).ok).toBe(true);
  });

  it("is live but not ready while Redis is away, and while quiet, draining or starting", () => {
    for (const facts of [
      { ...well, reachesRedis: false },
      ...(["quiet", "draining", "starting"] as const).map((status) => ({ ...well, status })),
    ]) {
      expect(judgeLife(facts).ok).toBe(true);
      expect(judgeReadiness(facts).ok).toBe(false);
    }
  });

  it("is neither when it consumes nothing although tasks are pending", () => {
    const silent = { ...well, silentMs: 31_000 };
    expect(judgeLife(silent)).toEqual({
      ok: false,
      reason: "tasks are pending and nothing was claimed for 31 s",
    });
    expect(judgeReadiness(silent).ok).toBe(false);
  });

  it("is not live once stopped", () => {
    expect(judgeLife({ ...well, status: "stopped" }).ok).toBe(false);
  });
});
