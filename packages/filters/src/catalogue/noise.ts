import * as v from "valibot";
import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import { noise as noiseKernel } from "../kernels/noise.ts";
import { about, flag, integerFrom, numberFrom, parameters } from "../parameters.ts";

export interface NoiseParams {
  /** Standard deviation in levels, 0 to 128. @default 12 */
  readonly deviation: number;
  /** Whether all colours of a pixel change together, as film grain. @default true */
  readonly grey: boolean;
  /** Another number, another pattern. @default 1 */
  readonly seed: number;
}

/** Adds random values near a normal distribution; the same picture and seed always give the same result. */
export const noise: Filter<"noise", Partial<NoiseParams>, NoiseParams> = defineKernelFilter({
  name: "noise",
  description: "Adds grain.",
  params: parameters({
    deviation: v.optional(about("Strength: the standard deviation in levels.", numberFrom(0, 128)), 12),
    grey: v.optional(about("Whether all colours of a pixel change together.", flag()), true),
    seed: v.optional(about("Another number, another pattern.", integerFrom(0, 2 ** 31 - 1)), 1),
  }),
  positional: ["deviation", "grey", "seed"],
  example: "noise(25)",
  kernels: (params) => (params.deviation === 0 ? [] : [noiseKernel(params)]),
});
