import * as v from "valibot";
import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import { convolve } from "../kernels/convolve.ts";
import { lineMask } from "../line-mask.ts";
import { about, numberFrom, parameters } from "../parameters.ts";

export interface MotionBlurParams {
  /** Length of the track, in pixels, 1 to 60. @default 15 */
  readonly length: number;
  /** Direction in degrees clockwise from the right. @default 0 */
  readonly angle: number;
}

/** The mean along a line through each pixel; alpha is kept. */
export const motionBlur: Filter<
  "motionBlur",
  Partial<MotionBlurParams>,
  MotionBlurParams
> = defineKernelFilter({
  name: "motionBlur",
  description: "Blurs along a line, as a camera that moved.",
  params: parameters({
    length: v.optional(about("Pixels moved.", numberFrom(1, 60)), 15),
    angle: v.optional(about("Degrees clockwise from the right.", numberFrom(-360, 360)), 0),
  }),
  positional: ["length", "angle"],
  example: "motionBlur(25, 30)",
  kernels: ({ length, angle }) => [convolve(lineMask(length, angle))],
});
