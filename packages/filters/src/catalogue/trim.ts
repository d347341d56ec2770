import * as v from "valibot";
import { definePixelFilter } from "../define-pixel-filter.ts";
import type { Filter } from "../filter.ts";
import { about, numberFrom, parameters } from "../parameters.ts";
import { contentRegion } from "../content-region.ts";
import { cropPixels } from "../crop-pixels.ts";

export interface TrimParams {
  /** How far a sample may be from the top left pixel's and still be margin, 0 to 255. @default 10 */
  readonly threshold: number;
}

/**
 * Cuts the margins that look like the top left pixel. A picture that is all margin stays whole.
 * Doing it twice may cut more: what the first leaves has another top left pixel.
 */
export const trim: Filter<"trim", Partial<TrimParams>, TrimParams> = definePixelFilter({
  name: "trim",
  description: "Cuts away margins of one colour.",
  params: parameters({
    threshold: v.optional(about("Levels a sample may differ and still be margin.", numberFrom(0, 255)), 10),
  }),
  positional: ["threshold"],
  example: "trim(20)",
  apply: async (pixels, { threshold }, { signal }) => {
    const region = await contentRegion(pixels, threshold, signal);
    return region === undefined ? pixels : cropPixels(pixels, region, signal);
  },
});
