import { describe, expect, it } from "vitest";
import { Pace } from "./pace.ts";

function paceOf(runMs: number, runs = 20, claimAheadMs = 50): Pace {
  const pace = new Pace(claimAheadMs);
  for (let run = 0; run < runs; run += 1) pace.note(runMs);
  return pace;
}

describe("the pace of a worker", () => {
  it("lets nothing be claimed ahead before some tasks have ended", () => {
    expect(paceOf(1, 7).ahead(4)).toBe(0);
    expect(paceOf(1, 8).ahead(2)).toBe(100);
  });

  it("lets as many wait as will probably have a slot within claimAheadMs", () => {
    expect(paceOf(25).ahead(1)).toBe(2);
    expect(paceOf(25).ahead(3)).toBe(6);
    expect(paceOf(60).ahead(1)).toBe(0);
    expect(paceOf(60).ahead(3)).toBe(2);
  });

  it("bounds what waits, however short the tasks are", () => {
    expect(paceOf(0).ahead(1)).toBe(256);
    expect(paceOf(0).ahead(1000)).toBe(256);
  });

  it("lets nothing wait when told so", () => {
    expect(paceOf(0, 20, 0).ahead(8)).toBe(0);
  });

  it("forgets the short runs when a task had to wait, and learns anew", () => {
    const pace = paceOf(1);
    pace.stumble();
    expect(pace.ahead(1)).toBe(0);
    for (let run = 0; run < 40; run += 1) pace.note(1);
    expect(pace.ahead(1)).toBeGreaterThan(10);
  });
});
