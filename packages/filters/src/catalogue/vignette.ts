import * as v from "valibot";
import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import { vignette as vignetteKernel } from "../kernels/vignette.ts";
import { about, numberFrom, parameters } from "../parameters.ts";

export interface VignetteParams {
  /** How much darker the corners become: 0 not at all, 1 black. @default 0.6 */
  readonly strength: number;
  /** Where darkening begins, as a part of the way from the centre to a corner, 0 to 0.95. @default 0.3 */
  readonly start: number;
}

/** Darkens smoothly towards the corners; alpha is kept. */
export const vignette: Filter<"vignette", Partial<VignetteParams>, VignetteParams> = defineKernelFilter({
  name: "vignette",
  description: "Darkens the picture towards its corners.",
  params: parameters({
    strength: v.optional(about("0 does nothing, 1 makes the corners black.", numberFrom(0, 1)), 0.6),
    start: v.optional(about("Part of the way to a corner that stays as it is.", numberFrom(0, 0.95)), 0.3),
  }),
  positional: ["strength", "start"],
  example: "vignette(0.8)",
  kernels: (params) => (params.strength === 0 ? [] : [vignetteKernel(params)]),
});
