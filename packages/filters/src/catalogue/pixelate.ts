import * as v from "valibot";
import { definePixelFilter } from "../define-pixel-filter.ts";
import type { Filter } from "../filter.ts";
import { pixelate as fillBlocks } from "../kernels/pixelate.ts";
import { about, integerFrom, parameters } from "../parameters.ts";

export interface PixelateParams {
  /** Side of a block, in pixels, 2 to 1,000. @default 10 */
  readonly size: number;
}

/** Fills blocks, counted from the top left, with their mean, colours weighted by alpha; rounded half up. */
export const pixelate: Filter<"pixelate", Partial<PixelateParams>, PixelateParams> = definePixelFilter({
  name: "pixelate",
  description: "Coarsens the picture into square blocks, as to hide a face.",
  params: parameters({ size: v.optional(about("Side of a block, in pixels.", integerFrom(2, 1000)), 10) }),
  positional: ["size"],
  example: "pixelate(14)",
  idempotent: true,
  apply: (pixels, { size }, { signal, reuseInput }) => fillBlocks(pixels, { size, signal, reuseInput }),
});
