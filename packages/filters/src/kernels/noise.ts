import type { PlacedKernel } from "./kernel.ts";

export interface NoiseOptions {
  /** Standard deviation in levels. */
  readonly deviation: number;
  /** Another number, another pattern; a whole number of 32 bits. @default 1 */
  readonly seed?: number;
  /** The same for all colours of a pixel, as film grain. @default false */
  readonly grey?: boolean;
}

/** Deviation of the sum of four random bytes. */
const SUM_DEVIATION: number = Math.sqrt((4 * (256 ** 2 - 1)) / 12);

/**
 * Adds random values near a normal distribution, at most 3.45 deviations from 0; alpha is kept. The value depends on
 * seed and place only, so the same picture gets the same noise.
 */
export function noise({ deviation, seed = 1, grey = false }: NoiseOptions): PlacedKernel {
  // Neighbouring seeds must not be neighbouring sample numbers.
  const mixedSeed = Math.imul(seed, 0x9e3779b1);
  const scale = deviation / SUM_DEVIATION;
  return {
    kind: "placed",
    name: "noise",
    run(wasm, at, pixels, channels, { x, y, image }) {
      wasm.noise(at, pixels, channels, y * image.width + x, mixedSeed, scale, grey ? 1 : 0);
    },
  };
}
