import { MINUTE, SECOND } from "@imgq/core";
import { describe, expect, it } from "vitest";
import { recentOf, type SeriesMinute } from "./series.ts";

const START = 30_000_000 * MINUTE;

function minute(fields: Partial<SeriesMinute> = {}): SeriesMinute {
  return { since: undefined, completed: 0, failed: 0, wait: new Map(), run: new Map(), ...fields };
}

describe("the recent rate", () => {
  it("counts from the first task on while a queue is young, wherever in a minute that was", () => {
    const begun = START + 50 * SECOND;
    const recent = recentOf([minute({ since: begun, completed: 20 })], begun + 10 * SECOND, 20);
    expect(recent.completedPerMinute).toBe(120);
    expect(recent.windowMs).toBe(10 * SECOND);
  });

  it("spans minutes, and all five when there was work before them", () => {
    const now = START + 4 * MINUTE + 30 * SECOND;
    const busy = [0, 1, 2, 3, 4].map((n) => minute({ since: START + n * MINUTE, completed: 9 }));
    expect(recentOf(busy, now, 1000)).toMatchObject({ completedPerMinute: 10, windowMs: 4.5 * MINUTE });
  });

  it("takes a single task after a long rest for one a minute, not for more", () => {
    const now = START + 3 * MINUTE + 10 * SECOND;
    const woken = [minute(), minute(), minute(), minute({ since: now - 2 * SECOND, completed: 1 })];
    expect(recentOf(woken, now, 500).completedPerMinute).toBe(1);
  });

  it("is nothing, over the whole window, when nothing happened, and finite in the first instant", () => {
    expect(recentOf([], START + 5 * SECOND, 0)).toMatchObject({ completedPerMinute: 0, failureRate: 0 });
    const first = recentOf([minute({ since: START, completed: 3 })], START, 3);
    expect(first.completedPerMinute).toBe(180);
  });
});
