import { randomInt } from "node:crypto";
import { afterEach } from "vitest";
import { type SeededRandom, seededRandom } from "./seeded-random.ts";

/** The random of one test file: a new seed each run, printed when a test fails, replayed with `IMGQ_SEED=<seed>`. */
export function seedForTests(): SeededRandom {
  const wanted = process.env.IMGQ_SEED;
  const seed = wanted === undefined ? randomInt(2 ** 31) : Number.parseInt(wanted, 10);
  if (!Number.isInteger(seed)) throw new Error(`IMGQ_SEED must be a whole number; got ${wanted}.`);
  afterEach(({ task }) => {
    if (task.result?.state === "fail") console.error(`${task.name}: replay with IMGQ_SEED=${seed}`);
  });
  return seededRandom(seed);
}
