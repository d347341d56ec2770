import { describe, expect, it } from "vitest";
import { backoffOf, MAX_DELAY_MS } from "./backoff.ts";

const middle = (): number => 0.5;

describe("backoff", () => {
  it("retries at once by default, then after 5 s doubling up to 5 minutes", () => {
    const delay = backoffOf("default", middle);
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 100].map(delay)).toEqual([
      0, 5000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000,
    ]);
  });

  it("spreads the default by a tenth either way", () => {
    expect(backoffOf("default", () => 0)(3)).toBe(9000);
    expect(backoffOf("default", () => 1)(3)).toBe(11_000);
  });

  it("follows named policies and functions", () => {
    expect(backoffOf("none")(5)).toBe(0);
    expect(backoffOf({ type: "fixed", delayMs: 250 })(9)).toBe(250);
    expect(backoffOf({ type: "exponential", baseMs: 100, maxMs: 1000, jitter: 0 })(3)).toBe(400);
    expect(backoffOf((retry) => retry * 7)(3)).toBe(21);
  });

  it.each([
    [-5, 0],
    [Number.NaN, 0],
    [1.6, 2],
    [Number.POSITIVE_INFINITY, MAX_DELAY_MS],
  ])("makes a whole delay of a function's %s", (answer, delay) => {
    expect(backoffOf(() => answer)(1)).toBe(delay);
  });
});
