import * as v from "valibot";
import { color, parseColor } from "../color.ts";
import { defineGeometryFilter } from "../define-geometry-filter.ts";
import type { Filter } from "../filter.ts";
import { padOperations } from "../pad-operation.ts";
import { about, integerFrom, parameters } from "../parameters.ts";

export interface BorderParams {
  /** In pixels, added on every side. @default 10 */
  readonly width: number;
  /** @default "black" */
  readonly color: string;
}

/** Frames the picture; it grows by twice the width. */
export const border: Filter<"border", Partial<BorderParams>, BorderParams> = defineGeometryFilter({
  name: "border",
  description: "Frames the picture with a border of one colour.",
  params: parameters({
    width: v.optional(about("Pixels on every side.", integerFrom(0, 10_000)), 10),
    color: v.optional(about("Colour of the border.", color()), "black"),
  }),
  positional: ["width", "color"],
  example: "border(12, #d33)",
  operations: (params) =>
    padOperations(parseColor(params.color), ({ width, height }) => ({
      size: { width: width + 2 * params.width, height: height + 2 * params.width },
      place: { left: params.width, top: params.width },
    })),
});
