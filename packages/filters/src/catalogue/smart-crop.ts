import * as v from "valibot";
import sharp from "sharp";
import { defineFilter } from "../define-filter.ts";
import type { Filter } from "../filter.ts";
import { about, integerFrom, oneOf, parameters } from "../parameters.ts";

const strategies = ["attention", "entropy"] as const;
export type SmartCropStrategy = (typeof strategies)[number];

export interface SmartCropParams {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** `attention`: bright, saturated, skin-coloured places; `entropy`: places of much detail. @default "attention" */
  readonly strategy: SmartCropStrategy;
}

/** Scales to cover the size, as `resize` does, and keeps the part that draws the eye. */
export const smartCrop: Filter<
  "smartCrop",
  { width: number; height: number; strategy?: SmartCropStrategy },
  SmartCropParams
> = defineFilter({
  name: "smartCrop",
  description: "Scales the picture to cover a size and keeps the part that draws the eye.",
  params: parameters({
    width: about("Pixels across.", integerFrom(1, 32_768)),
    height: about("Pixels down.", integerFrom(1, 32_768)),
    strategy: v.optional(about("What to look for.", oneOf(strategies)), "attention"),
  }),
  positional: ["width", "height", "strategy"],
  example: "smartCrop(140, 200)",
  fuse: { slots: ["resize", "crop-or-embed"], size: (_, { width, height }) => ({ width, height }) },
  apply: (image, { width, height, strategy }) =>
    image.resize({ width, height, fit: "cover", position: sharp.strategy[strategy] }),
});
