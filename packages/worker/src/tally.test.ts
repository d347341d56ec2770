import { describe, expect, it } from "vitest";
import { Tally } from "./tally.ts";

describe("a tally", () => {
  it("counts each kind by itself", () => {
    const tally = new Tally();
    tally.count("completed");
    tally.count("completed");
    tally.count("lost");
    expect(tally.totals).toMatchObject({ completed: 2, lost: 1, failed: 0 });
  });

  it("says how many tasks ended in the last minute, and forgets older ones", () => {
    const tally = new Tally();
    for (const at of [0, 500, 30_000, 59_000]) tally.ended(at);
    expect(tally.perMinute(59_999)).toBe(4);
    expect(tally.perMinute(61_000)).toBe(2);
    expect(tally.perMinute(500_000)).toBe(0);
  });

  it("counts on after a long silence", () => {
    const tally = new Tally();
    tally.ended(0);
    tally.ended(1_000_000);
    expect(tally.perMinute(1_000_000)).toBe(1);
  });
});
