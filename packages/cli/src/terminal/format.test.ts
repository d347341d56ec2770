import { describe, expect, it } from "vitest";
import { formatBytes, formatDuration, formatRate } from "./format.ts";

describe("numbers for people", () => {
  it.each([
    [0, "0 ms"],
    [999.6, "1.0 s"],
    [4210, "4.2 s"],
    [59_400, "59 s"],
    [192_000, "3 min 12 s"],
    [7_500_000, "2 h 5 min"],
    [273_600_000, "3 d 4 h"],
  ])("writes %d ms as %s", (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [4200, "4.2 KB"],
    [999_600, "1.0 MB"],
    [18_000_000, "18 MB"],
  ])("writes %d bytes as %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [42.4, "42/s"],
    [4.2, "4.2/s"],
    [0.2, "12/min"],
  ])("writes %d per second as %s", (rate, text) => expect(formatRate(rate)).toBe(text));
});
