import * as v from "valibot";
import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import { convolve } from "../kernels/convolve.ts";
import { about, numberFrom, parameters } from "../parameters.ts";

export interface EmbossParams {
  /** Height of the relief, 0.1 to 10. @default 1 */
  readonly strength: number;
}

/** A relief lit from the top left: the difference of the neighbours below right and above left, on middle grey. */
export const emboss: Filter<"emboss", Partial<EmbossParams>, EmbossParams> = defineKernelFilter({
  name: "emboss",
  description: "Turns the picture into a relief, lit from the top left.",
  params: parameters({ strength: v.optional(about("Height of the relief.", numberFrom(0.1, 10)), 1) }),
  positional: ["strength"],
  example: "emboss(1.5)",
  kernels: ({ strength }) => [
    convolve({ width: 3, height: 3, weights: [-strength, 0, 0, 0, 0, 0, 0, 0, strength], offset: 128 }),
  ],
});
