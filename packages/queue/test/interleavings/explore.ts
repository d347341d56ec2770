import { createHash } from "node:crypto";
import { type Step, stepsFrom } from "./steps.ts";
import { identityOf, type World } from "./world.ts";

export interface Exploration {
  /** Different worlds seen. */
  readonly worlds: number;
  readonly steps: number;
  /** Whether every world within the budget was seen. */
  readonly complete: boolean;
}

export interface ExplorationOptions {
  readonly execute: (step: Step) => Promise<World>;
  /** Throws when the world must not be; `last` when nothing more can happen in it. */
  readonly check: (world: World, last: boolean) => Promise<void> | void;
  readonly maxMs: number;
  /** Which of the open worlds is next, for a search that may not reach all of them: 0 to 1. */
  readonly random: () => number;
}

/** Goes through every order in which things can happen from `start`, each different world once, in a random order. */
export async function explore(start: World, options: ExplorationOptions): Promise<Exploration> {
  const seen = new Set<string>([fingerprint(start)]);
  const open: World[] = [start];
  const endsAt = performance.now() + options.maxMs;
  let steps = 0;
  while (performance.now() < endsAt) {
    const world = takeOne(open, options.random());
    if (world === undefined) return { worlds: seen.size, steps, complete: true };
    const next = stepsFrom(world);
    await explained(world, () => options.check(world, next.length === 0));
    for (const step of next) {
      steps += 1;
      const reached = await explained(world, () => options.execute(step), step);
      const mark = fingerprint(reached);
      if (seen.has(mark)) continue;
      seen.add(mark);
      open.push(reached);
    }
  }
  return { worlds: seen.size, steps, complete: false };
}

/** Takes one out and puts the last in its place. */
function takeOne(worlds: World[], where: number): World | undefined {
  const last = worlds.pop();
  const index = Math.floor(where * (worlds.length + 1));
  const chosen = worlds[index];
  if (last === undefined || chosen === undefined) return last;
  worlds[index] = last;
  return chosen;
}

/** A failure is worth little without the way to it. */
async function explained<T>(world: World, work: () => Promise<T> | T, step?: Step): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const path = [...world.path, ...(step === undefined ? [] : [step.name])];
    throw new Error(`${String(error)}\nAfter:\n${path.map((name) => `  ${name}`).join("\n")}`, {
      cause: error,
    });
  }
}

function fingerprint(world: World): string {
  return createHash("sha1").update(identityOf(world)).digest("base64");
}
