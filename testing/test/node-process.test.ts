import { describe, expect, it } from "vitest";
import { processesForTests, runningProcesses } from "../src/index.ts";

const processes = processesForTests();
const program = new URL("../src/programs/echo.ts", import.meta.url);

describe("process control", () => {
  it("reads the JSON lines and the exit code of a program that knows nothing of the test runner", async () => {
    const process = await processes.spawn(program, ["exit"]);
    const line = await process.waitForLine((line) => line.fields.event === "started");
    expect(line.fields).toEqual({ event: "started", what: "exit", testRunner: "none" });
    expect(await process.endWithin()).toEqual({ code: 3, signal: null });
    expect(runningProcesses()).toEqual([]);
  });

  it("keeps what a failing program wrote to standard error", async () => {
    const process = await processes.spawn(program, ["throw"]);
    expect((await process.endWithin()).code).toBe(1);
    expect(process.errorOutput).toContain("on purpose");
    await expect(process.waitForLine("never said")).rejects.toThrow("it ended (1)");
  });

  it("kills, and tells the signal", async () => {
    const process = await processes.spawn(program);
    expect(runningProcesses()).toHaveLength(1);
    expect(await process.kill()).toEqual({ code: null, signal: "SIGKILL" });
  });

  it("freezes a program so that it says nothing, and thaws it", async () => {
    const process = await processes.spawn(program, ["count"]);
    await process.waitForLine("counted");
    process.freeze();
    // What was in the pipe before the stop may still arrive.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const said = process.lines.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(process.lines.length).toBe(said);
    process.thaw();
    await process.waitForLine((line) => Number(line.fields.count) > said + 1);
    process.signal("SIGTERM");
    expect(await process.endWithin()).toEqual({ code: 0, signal: null });
    expect(process.lines.at(-1)?.text).toBe("terminating");
  });
});
