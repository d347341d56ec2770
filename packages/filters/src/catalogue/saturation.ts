import * as v from "valibot";
import { saturationMatrix } from "../color-matrices.ts";
import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import { matrix } from "../kernels/matrix.ts";
import { about, numberFrom, parameters } from "../parameters.ts";

export interface SaturationParams {
  /** 0 is grey, 1 changes nothing, more is gaudier, up to 10. @default 1.5 */
  readonly factor: number;
}

/** Moves colours away from their luma, or towards it, as Pillow's `ImageEnhance.Color`. Grey pictures stay. */
export const saturation: Filter<
  "saturation",
  Partial<SaturationParams>,
  SaturationParams
> = defineKernelFilter({
  name: "saturation",
  description: "Makes colours stronger or paler.",
  params: parameters({
    factor: v.optional(about("0 is grey, 1 changes nothing.", numberFrom(0, 10)), 1.5),
  }),
  positional: ["factor"],
  example: "saturation(2)",
  kernels: ({ factor }) => (factor === 1 ? [] : [matrix(saturationMatrix(factor))]),
});
