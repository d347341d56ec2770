import * as v from "valibot";
import { defineToneFilter } from "../define-tone-filter.ts";
import type { Filter } from "../filter.ts";
import { about, numberFrom, parameters } from "../parameters.ts";

export interface GammaParams {
  /** Above 1 brightens the middle, below 1 darkens it, 0.1 to 10. @default 1.6 */
  readonly gamma: number;
}

/** Bends the tone curve: 255 × (sample / 255)^(1 / gamma), as ImageMagick's `-gamma`. Black and white stay. */
export const gamma: Filter<"gamma", Partial<GammaParams>, GammaParams> = defineToneFilter({
  name: "gamma",
  description: "Brightens or darkens the middle tones and leaves black and white alone.",
  params: parameters({
    gamma: v.optional(about("Above 1 brightens, below 1 darkens.", numberFrom(0.1, 10)), 1.6),
  }),
  positional: ["gamma"],
  example: "gamma(1.8)",
  tone: (sample, params) => 255 * (sample / 255) ** (1 / params.gamma),
});
