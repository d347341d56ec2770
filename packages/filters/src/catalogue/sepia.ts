import * as v from "valibot";
import { sepiaMatrix } from "../color-matrices.ts";
import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import { matrix } from "../kernels/matrix.ts";
import { about, numberFrom, parameters } from "../parameters.ts";

export interface SepiaParams {
  /** 0 leaves the colours, 1 is all brown. @default 1 */
  readonly amount: number;
}

/** The brown of old prints, by the matrix of the CSS filter `sepia`. Grey pictures become brown ones. */
export const sepia: Filter<"sepia", Partial<SepiaParams>, SepiaParams> = defineKernelFilter({
  name: "sepia",
  description: "Makes the picture brown as an old print.",
  params: parameters({
    amount: v.optional(about("0 leaves the colours, 1 is all brown.", numberFrom(0, 1)), 1),
  }),
  positional: ["amount"],
  example: "sepia(0.9)",
  kernels: ({ amount }) => (amount === 0 ? [] : [matrix(sepiaMatrix(amount))]),
});
