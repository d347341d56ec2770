import * as v from "valibot";
import { defineFilter } from "../define-filter.ts";
import type { Filter } from "../filter.ts";
import { about, integerFrom, parameters } from "../parameters.ts";

export interface MedianParams {
  /** Side of the square, in pixels, 1 to 25. @default 3 */
  readonly size: number;
}

/** The middle value of a square around each pixel, each channel for itself. */
export const median: Filter<"median", Partial<MedianParams>, MedianParams> = defineFilter({
  name: "median",
  description: "Takes away specks and keeps outlines.",
  params: parameters({ size: v.optional(about("Side of the square, in pixels.", integerFrom(1, 25)), 3) }),
  positional: ["size"],
  example: "median(5)",
  fuse: { slots: ["median"] },
  apply: (image, { size }) => image.median(size),
});
