import * as v from "valibot";
import { defineGeometryFilter } from "../define-geometry-filter.ts";
import { InvalidParametersError } from "../errors.ts";
import type { Filter } from "../filter.ts";
import type { Region, Size } from "../operation.ts";
import { about, integerFrom, parameters } from "../parameters.ts";
import { type Position, place, position } from "../position.ts";

const MAX_SIDE = 100_000;

export interface CropParams {
  /** In pixels; more than there is means all there is. */
  readonly width: number;
  /** In pixels; more than there is means all there is. */
  readonly height: number;
  /** Pixels left out at the left; without it `position` decides. */
  readonly left?: number | undefined;
  /** Pixels left out above; without it `position` decides. */
  readonly top?: number | undefined;
  /** @default "center" */
  readonly position: Position;
}

export type CropInput = Pick<CropParams, "width" | "height"> & Partial<CropParams>;

/** Keeps a rectangle. A `left` or `top` beyond the picture is an {@link InvalidParametersError} when it is run. */
export const crop: Filter<"crop", CropInput, CropParams> = defineGeometryFilter({
  name: "crop",
  description: "Keeps a rectangle of the picture.",
  params: parameters({
    width: about("Pixels across; at most what there is.", integerFrom(1, MAX_SIDE)),
    height: about("Pixels down; at most what there is.", integerFrom(1, MAX_SIDE)),
    left: v.optional(about("Pixels left out at the left, instead of position.", integerFrom(0, MAX_SIDE))),
    top: v.optional(about("Pixels left out above, instead of position.", integerFrom(0, MAX_SIDE))),
    position: v.optional(about("Which part to keep.", position()), "center"),
  }),
  positional: ["width", "height", "left", "top"],
  example: "crop(120, 120, position=north)",
  operations: (params) => [{ kind: "crop", region: (size) => regionOf(size, params) }],
});

function regionOf(size: Size, params: CropParams): Region {
  const largest = { width: Math.min(size.width, params.width), height: Math.min(size.height, params.height) };
  const placed = place(largest, size, params.position);
  const left = within("left", params.left ?? placed.left, size.width);
  const top = within("top", params.top ?? placed.top, size.height);
  return {
    left,
    top,
    width: Math.min(largest.width, size.width - left),
    height: Math.min(largest.height, size.height - top),
  };
}

function within(parameter: string, value: number, limit: number): number {
  if (value < limit) return value;
  const requirement = `must be less than the picture's ${limit} pixels`;
  const issue = { parameter, requirement, received: value };
  throw new InvalidParametersError("crop", [issue], "Start inside the picture.");
}
