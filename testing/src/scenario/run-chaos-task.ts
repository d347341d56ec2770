import { pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { setTimeout as delay } from "node:timers/promises";
import { createPipeline } from "@imgq/pipeline";
import type { Handler } from "@imgq/worker";
import type { ChaosTask } from "./chaos-task.ts";

const derive = promisify(pbkdf2);

export interface ChaosRoots {
  readonly inputRoot: string;
  readonly outputRoot: string;
}

/** The handler of the scenarios' workers. */
export function chaosHandler(roots: ChaosRoots): Handler<ChaosTask, unknown> {
  const pipeline = createPipeline(roots);
  return async (task, { signal, task: { attempt } }) => {
    switch (task.do) {
      case "sleep":
        await delay(task.ms, undefined, { signal });
        return { slept: task.ms };
      case "ignore-signal":
        await delay(task.ms);
        return { slept: task.ms };
      case "block":
        block(task.ms);
        return { blocked: task.ms };
      case "occupy-pool":
        await Promise.all(Array.from({ length: task.threads }, () => occupyThread(task.ms)));
        return { occupied: task.threads };
      case "fail":
        if (attempt <= task.times) throw new Error(`failed on purpose in attempt ${attempt}`);
        return { failed: task.times };
      case "abort":
        return process.abort();
      case "segfault":
        process.kill(process.pid, "SIGSEGV");
        return delay(60_000);
      case "exhaust-memory":
        return exhaustMemory();
      case "inspect-prototypes":
        return { polluted: inherited() };
      case "image":
        return pipeline.run(task.image, { signal });
      default:
        return task satisfies never;
    }
  };
}

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

function inherited(): string[] {
  const names: string[] = [];
  // Only what was added by assignment can be enumerated.
  for (const name in {}) names.push(name);
  return names;
}

async function occupyThread(ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until) await derive("a", "b", 300_000, 64, "sha512");
}

/** Fills the heap until V8 ends the process. */
function exhaustMemory(): never {
  const hoard: number[][] = [];
  for (;;) hoard.push(Array.from({ length: 100_000 }, (_, index) => index + Math.random()));
}
