import * as v from "valibot";
import { defineToneFilter } from "../define-tone-filter.ts";
import type { Filter } from "../filter.ts";
import { about, integerFrom, parameters } from "../parameters.ts";

export interface PosterizeParams {
  /** How many values each colour keeps, 2 to 256, spread evenly from 0 to 255. @default 4 */
  readonly levels: number;
}

/** Rounds each sample to the nearest of a few even levels. */
export const posterize: Filter<"posterize", Partial<PosterizeParams>, PosterizeParams> = defineToneFilter({
  name: "posterize",
  description: "Leaves a few levels of each colour, as a poster print does.",
  params: parameters({ levels: v.optional(about("Values left of each colour.", integerFrom(2, 256)), 4) }),
  positional: ["levels"],
  example: "posterize(4)",
  tone: (sample, { levels }) => (Math.floor((sample / 255) * (levels - 1) + 0.5) / (levels - 1)) * 255,
});
