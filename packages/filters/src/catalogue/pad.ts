import * as v from "valibot";
import { color, parseColor } from "../color.ts";
import { defineGeometryFilter } from "../define-geometry-filter.ts";
import type { Filter } from "../filter.ts";
import type { Size } from "../operation.ts";
import { padOperations } from "../pad-operation.ts";
import { about, integerFrom, parameters } from "../parameters.ts";

const MAX_PAD = 10_000;

export interface PadParams {
  /** Pixels added above. @default 0 */
  readonly top: number;
  /** Pixels added at the right. @default 0 */
  readonly right: number;
  /** Pixels added below. @default 0 */
  readonly bottom: number;
  /** Pixels added at the left. @default 0 */
  readonly left: number;
  /** @default "white" */
  readonly background: string;
}

/** Adds room of one colour around the picture; a colour that is not grey, or not opaque, adds the channels it needs. */
export const pad: Filter<"pad", Partial<PadParams>, PadParams> = defineGeometryFilter({
  name: "pad",
  description: "Adds room around the picture, each side by its own measure.",
  params: parameters({
    top: v.optional(about("Pixels added above.", integerFrom(0, MAX_PAD)), 0),
    right: v.optional(about("Pixels added at the right.", integerFrom(0, MAX_PAD)), 0),
    bottom: v.optional(about("Pixels added below.", integerFrom(0, MAX_PAD)), 0),
    left: v.optional(about("Pixels added at the left.", integerFrom(0, MAX_PAD)), 0),
    background: v.optional(about("Colour of the room.", color()), "white"),
  }),
  positional: ["top", "right", "bottom", "left", "background"],
  example: "pad(20, 20, 60, 20, white)",
  operations: (params) =>
    padOperations(parseColor(params.background), (size) => ({ size: padded(size, params), place: params })),
});

function padded({ width, height }: Size, { top, right, bottom, left }: PadParams): Size {
  return { width: left + width + right, height: top + height + bottom };
}
