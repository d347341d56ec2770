import { afterEach, expect } from "vitest";
import { type NodeProcess, runningProcesses, spawnNode, type SpawnOptions } from "./node-process.ts";

/** Starts processes for the tests of one file. After each test those left are killed, and being left is a failure unless allowed. */
export function processesForTests(options: { readonly mayBeLeft?: boolean } = {}): {
  spawn(module: string | URL, args?: readonly string[], options?: SpawnOptions): Promise<NodeProcess>;
} {
  afterEach(async () => {
    const left = runningProcesses();
    await Promise.all(left.map((process) => process.kill()));
    if (options.mayBeLeft !== true)
      expect(
        left.map(({ pid }) => pid),
        "processes left running",
      ).toEqual([]);
  });
  return { spawn: spawnNode };
}
