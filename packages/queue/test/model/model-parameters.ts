import { randomInt } from "node:crypto";

/** What fast-check is told: how many runs, from which seed, and for how long. */
export interface ModelParameters {
  readonly numRuns: number;
  readonly seed: number;
  readonly path?: string;
  readonly interruptAfterTimeLimit?: number;
}

/** A usual run ends after this many milliseconds with what it has, so that a busy machine does not fail it. */
const usualMs = 20_000;

/**
 * `IMGQ_MODEL_RUNS` asks for that many runs, however long they take. `IMGQ_MODEL_SEED` and `IMGQ_MODEL_PATH` repeat a
 * failure: both stand in its message.
 */
export function modelParameters(usualRuns: number): ModelParameters {
  const { IMGQ_MODEL_RUNS, IMGQ_MODEL_SEED, IMGQ_MODEL_PATH } = process.env;
  const seed = IMGQ_MODEL_SEED === undefined ? randomInt(2 ** 31) : Number(IMGQ_MODEL_SEED);
  const numRuns = IMGQ_MODEL_RUNS === undefined ? usualRuns : Number(IMGQ_MODEL_RUNS);
  console.log(`Model test: up to ${numRuns} runs, IMGQ_MODEL_SEED=${seed}`);
  return {
    numRuns,
    seed,
    ...(IMGQ_MODEL_PATH === undefined ? {} : { path: IMGQ_MODEL_PATH }),
    ...(IMGQ_MODEL_RUNS === undefined ? { interruptAfterTimeLimit: usualMs } : {}),
  };
}

/** Long runs are asked for by hand. */
export const modelTimeoutMs: number = process.env.IMGQ_MODEL_RUNS === undefined ? 120_000 : 3_600_000;
