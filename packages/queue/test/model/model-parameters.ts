import { randomInt } from "node:crypto";

/**
 * How often, and from which seed. `IMGQ_MODEL_RUNS` asks for more runs, `IMGQ_MODEL_SEED` and `IMGQ_MODEL_PATH` repeat a
 * failure: both stand in its message.
 */
export function modelParameters(usualRuns: number): { numRuns: number; seed: number; path?: string } {
  const { IMGQ_MODEL_RUNS, IMGQ_MODEL_SEED, IMGQ_MODEL_PATH } = process.env;
  const seed = IMGQ_MODEL_SEED === undefined ? randomInt(2 ** 31) : Number(IMGQ_MODEL_SEED);
  const numRuns = IMGQ_MODEL_RUNS === undefined ? usualRuns : Number(IMGQ_MODEL_RUNS);
  console.log(`Model test: ${numRuns} runs, IMGQ_MODEL_SEED=${seed}`);
  return { numRuns, seed, ...(IMGQ_MODEL_PATH === undefined ? {} : { path: IMGQ_MODEL_PATH }) };
}

/** Long runs are asked for by hand. */
export const modelTimeoutMs: number = process.env.IMGQ_MODEL_RUNS === undefined ? 60_000 : 3_600_000;
