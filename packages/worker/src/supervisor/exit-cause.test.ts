import { describe, expect, it } from "vitest";
import { exitCause } from "./exit-cause.ts";
import { restartDelayMs } from "./restart-delay.ts";

describe("the cause of an exit", () => {
  it("names signals, those that a shell reports as numbers too", () => {
    expect(exitCause(null, "SIGSEGV")).toBe("killed by SIGSEGV");
    expect(exitCause(null, "SIGKILL")).toMatch(/SIGKILL \(perhaps out of memory\)/);
    expect(exitCause(134, null)).toBe("exit code 134 (SIGABRT)");
  });

  it("names exit codes", () => {
    expect(exitCause(0, null)).toBe("exit code 0");
    expect(exitCause(1, null)).toBe("exit code 1");
  });
});

describe("the delay of a restart", () => {
  it("is nothing after the first crash, then doubles up to half a minute", () => {
    expect([1, 2, 3, 4].map((crashes) => restartDelayMs(crashes))).toEqual([0, 200, 400, 800]);
    expect(restartDelayMs(50)).toBe(30_000);
  });
});
