import * as v from "valibot";
import { defineToneFilter } from "../define-tone-filter.ts";
import type { Filter } from "../filter.ts";
import { about, numberFrom, parameters } from "../parameters.ts";

export interface ContrastParams {
  /** What the distance from middle grey is multiplied by, 0 (grey) to 10; 1 changes nothing. @default 1.3 */
  readonly factor: number;
}

/** Spreads samples away from middle grey (127.5), as the CSS filter of that name does. */
export const contrast: Filter<"contrast", Partial<ContrastParams>, ContrastParams> = defineToneFilter({
  name: "contrast",
  description: "Drives light and dark apart, or together.",
  params: parameters({
    factor: v.optional(about("1 changes nothing, 0 leaves one grey.", numberFrom(0, 10)), 1.3),
  }),
  positional: ["factor"],
  example: "contrast(1.6)",
  line: ({ factor }) => ({ multiply: factor, add: 127.5 * (1 - factor) }),
});
