import { describe, expect, it } from "vitest";
import { judgeLiveness, noOutage } from "./liveness.ts";

const timeoutMs = 5000;

describe("judging whether a worker is alive", () => {
  it("calls one alive up to and including the timeout, and dead after it", () => {
    const facts = { state: "running", lastBeatAt: 10_000 } as const;
    expect(judgeLiveness(facts, 15_000, timeoutMs, noOutage)).toEqual({ state: "running", alive: true });
    expect(judgeLiveness(facts, 15_001, timeoutMs, noOutage)).toEqual({
      state: "dead",
      alive: false,
      end: { reason: "no beat for more than 5 s", at: 15_000 },
    });
  });

  it("says that a dead worker had been wedged", () => {
    const judged = judgeLiveness({ state: "wedged", lastBeatAt: 0 }, 60_000, timeoutMs, noOutage);
    expect(judged.end?.reason).toBe("wedged, then no beat for more than 5 s");
  });

  it("excuses those alive when an outage began, for one timeout after its end", () => {
    const outage = { beganAt: 10_000, endedAt: 70_000 };
    const facts = { state: "running", lastBeatAt: 9_500 } as const;
    expect(judgeLiveness(facts, 74_000, timeoutMs, outage).alive).toBe(true);
    expect(judgeLiveness(facts, 75_001, timeoutMs, outage).alive).toBe(false);
  });

  it("does not excuse one that was dead before the outage", () => {
    const outage = { beganAt: 10_000, endedAt: 70_000 };
    expect(judgeLiveness({ state: "running", lastBeatAt: 4_000 }, 70_500, timeoutMs, outage).alive).toBe(
      false,
    );
  });

  it("keeps how an ended worker ended, whatever its last beat", () => {
    const end = { reason: "SIGKILL", at: 10 };
    expect(judgeLiveness({ state: "dead", lastBeatAt: 10, end }, 11, timeoutMs, noOutage)).toEqual({
      state: "dead",
      alive: false,
      end,
    });
  });
});
