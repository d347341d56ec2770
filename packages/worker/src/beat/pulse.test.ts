import { describe, expect, it } from "vitest";
import { judgePulse, keepsLease } from "./pulse.ts";

const limits = { laggingAfterMs: 2000, wedgedAfterMs: 30_000 };

describe("the pulse of the main loop", () => {
  it("turns running into lagging, and everything into wedged", () => {
    expect(judgePulse("running", 1999, limits)).toBe("running");
    expect(judgePulse("running", 2000, limits)).toBe("lagging");
    expect(judgePulse("running", 30_000, limits)).toBe("wedged");
    expect(judgePulse("draining", 5000, limits)).toBe("draining");
    expect(judgePulse("draining", 30_000, limits)).toBe("wedged");
  });

  it("keeps the lease of a blocked loop until the longest timeout in hand, and at least until it counts as wedged", () => {
    expect(keepsLease(120_000, 300_000, limits)).toBe(true);
    expect(keepsLease(300_000, 300_000, limits)).toBe(false);
    expect(keepsLease(10_000, 500, limits)).toBe(true);
    expect(keepsLease(30_000, 500, limits)).toBe(false);
  });
});
