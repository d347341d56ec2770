import { describe, expect, it } from "vitest";
import { pauseAfter } from "./recoverer.ts";

describe("the pause between two rounds of recovery", () => {
  it("is the interval while all leases go on, and ends when the first runs out", () => {
    expect(pauseAfter({}, 1000)).toBe(1000);
    expect(pauseAfter({ nextLeaseMs: 3500 }, 1000)).toBe(1000);
    expect(pauseAfter({ nextLeaseMs: 700 }, 1000)).toBe(750);
  });

  it("does not spin while a lease has run out but nobody may be counted out", () => {
    expect(pauseAfter({ nextLeaseMs: 0 }, 1000)).toBe(500);
    expect(pauseAfter({ nextLeaseMs: 1 }, 1000)).toBe(51);
    expect(pauseAfter({ nextLeaseMs: 0 }, 20)).toBe(50);
  });
});
