import { describe, expect, it } from "vitest";
import { crashesInARow, restartDelayMs } from "./restart-delay.ts";

const crashed = { expected: false, ranMs: 300, finished: 0 };

describe("the delay before a child is started again", () => {
  it("is none after the first crash, then doubles up to half a minute", () => {
    expect([0, 1, 2, 3, 4, 50].map(restartDelayMs)).toEqual([0, 0, 200, 400, 800, 30_000]);
  });

  it("counts crashes in a row of children that did nothing", () => {
    const crashes = [crashed, crashed, crashed].reduce(crashesInARow, 0);
    expect(crashes).toBe(3);
  });

  it("begins anew after a child that finished a task, or lived for long", () => {
    expect(crashesInARow(7, { ...crashed, finished: 1 })).toBe(1);
    expect(crashesInARow(7, { ...crashed, ranMs: 10_000 })).toBe(1);
  });

  it("forgets the crashes after a child that ended because it was asked to", () => {
    expect(crashesInARow(7, { ...crashed, expected: true })).toBe(0);
  });
});
