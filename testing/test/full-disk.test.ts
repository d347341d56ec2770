import { execFileSync } from "node:child_process";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventually, seedForTests } from "../src/index.ts";
import { allFaults, hashOf, imageWork, strayFiles, watchOutputs } from "../src/scenario/index.ts";
import { scenariosForTests } from "../src/scenario/scenarios-for-tests.ts";

const open = scenariosForTests(seedForTests());

/** A folder becomes a disk of this size, until it is given back. Needs root. */
function mountDisk(folder: string, size: string): { resize(size: string): void; unmount(): void } {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], { stdio: "pipe" });
  return {
    resize: (next) => void execFileSync("mount", ["-o", `remount,size=${next}`, folder]),
    unmount: () => void execFileSync("umount", ["--lazy", folder]),
  };
}

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "imgq-mount-"));
  try {
    mountDisk(folder, "64k").unmount();
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

describe.runIf(allFaults && mayMount())("when the disk of the outputs is full", () => {
  it("F25: tasks are retried until there is room, and no partial file is ever seen", async () => {
    const scenario = await open();
    const { tasks, expected } = await imageWork(scenario.inputRoot, 8);
    const disk = mountDisk(scenario.outputRoot, "24k");
    try {
      const watch = watchOutputs(scenario.outputRoot, expected);
      await scenario.startWorker({ concurrency: 2 });
      const ids: string[] = [];
      await scenario.during("full-disk", async () => {
        for (const task of tasks) ids.push(...(await scenario.add(task)));
        await eventually("writing fails", async () => (await scenario.queue.stats()).counts.scheduled > 0, {
          timeoutMs: 30_000,
        });
        await new Promise((resolve) => setTimeout(resolve, 5000));
        disk.resize("64m");
      });
      await scenario.drained(120_000);
      expect((await watch.stop()).partial).toEqual([]);
      for (const [name, hash] of expected)
        expect(await hashOf(join(scenario.outputRoot, name)), name).toBe(hash);
      const verdict = await scenario.judge();
      expect(verdict.violations).toEqual([]);
      const retried = await Promise.all(ids.map((id) => scenario.queue.get(id)));
      expect(retried.some((task) => task?.lastError?.message.includes("ENOSPC"))).toBe(true);
      expect(await strayFiles(scenario.outputRoot, expected.keys())).toEqual([]);
    } finally {
      disk.unmount();
    }
  });
});
