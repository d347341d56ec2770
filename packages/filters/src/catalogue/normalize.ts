import * as v from "valibot";
import { defineFilter } from "../define-filter.ts";
import type { Filter } from "../filter.ts";
import { about, numberFrom, parameters } from "../parameters.ts";

export interface NormalizeParams {
  /** Percent of the pixels that may become black, 0 to 49. @default 1 */
  readonly lower: number;
  /** Percent below which pixels are not yet white, 51 to 100. @default 99 */
  readonly upper: number;
}

/** Stretches lightness so that it uses the whole range; by the whole picture, so it needs all of it first. */
export const normalize: Filter<"normalize", Partial<NormalizeParams>, NormalizeParams> = defineFilter({
  name: "normalize",
  description: "Stretches the picture's light and dark over the whole range.",
  params: parameters({
    lower: v.optional(about("Percent of pixels that may become black.", numberFrom(0, 49)), 1),
    upper: v.optional(about("Percent of pixels that stay below white.", numberFrom(51, 100)), 99),
  }),
  positional: ["lower", "upper"],
  example: "normalize(2, 98)",
  fuse: { slots: ["normalise"] },
  apply: (image, { lower, upper }) => image.normalise({ lower, upper }),
});
