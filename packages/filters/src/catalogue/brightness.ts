import * as v from "valibot";
import { defineToneFilter } from "../define-tone-filter.ts";
import type { Filter } from "../filter.ts";
import { about, numberFrom, parameters } from "../parameters.ts";

export interface BrightnessParams {
  /** What every sample is multiplied by, 0 (black) to 10; 1 changes nothing. @default 1.2 */
  readonly factor: number;
}

/** Multiplies every colour sample, as Pillow's `ImageEnhance.Brightness` does. */
export const brightness: Filter<"brightness", Partial<BrightnessParams>, BrightnessParams> = defineToneFilter(
  {
    name: "brightness",
    description: "Makes the picture brighter or darker by a factor.",
    params: parameters({
      factor: v.optional(about("1 changes nothing, 0 makes black.", numberFrom(0, 10)), 1.2),
    }),
    positional: ["factor"],
    example: "brightness(1.2)",
    line: ({ factor }) => ({ multiply: factor, add: 0 }),
  },
);
