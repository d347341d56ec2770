import * as v from "valibot";
import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import { boxBlur as boxBlurKernel } from "../kernels/box-blur.ts";
import { about, integerFrom, parameters } from "../parameters.ts";

export interface BoxBlurParams {
  /** Pixels to each side, 0 to 100. @default 3 */
  readonly radius: number;
}

/** The mean of the square around each pixel, colours weighted by alpha; as fast for any radius. */
export const boxBlur: Filter<"boxBlur", Partial<BoxBlurParams>, BoxBlurParams> = defineKernelFilter({
  name: "boxBlur",
  description: "Softens the picture with the mean of a square.",
  params: parameters({ radius: v.optional(about("Pixels to each side.", integerFrom(0, 100)), 3) }),
  positional: ["radius"],
  example: "boxBlur(6)",
  kernels: ({ radius }) => (radius === 0 ? [] : [boxBlurKernel(radius)]),
});
