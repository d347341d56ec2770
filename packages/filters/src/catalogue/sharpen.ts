import * as v from "valibot";
import { defineFilter } from "../define-filter.ts";
import type { Filter } from "../filter.ts";
import { about, numberFrom, parameters } from "../parameters.ts";

export interface SharpenParams {
  /** Width of the lines it brings out, in pixels, 0.3 to 10; without it a mild, fast 3 × 3 kernel. */
  readonly sigma?: number | undefined;
  /** Strength in flat areas, 0 to 100; with sigma only. @default 1 */
  readonly flat: number;
  /** Strength in jagged areas, 0 to 100; with sigma only. @default 2 */
  readonly jagged: number;
}

/** Sharpens as sharp does: mildly by a 3 × 3 kernel, or lightness by sigma, flat and jagged areas apart. */
export const sharpen: Filter<"sharpen", Partial<SharpenParams>, SharpenParams> = defineFilter({
  name: "sharpen",
  description: "Makes outlines crisper.",
  params: parameters({
    sigma: v.optional(about("Width of the lines it brings out, in pixels.", numberFrom(0.3, 10))),
    flat: v.optional(about("Strength in flat areas, with sigma.", numberFrom(0, 100)), 1),
    jagged: v.optional(about("Strength in jagged areas, with sigma.", numberFrom(0, 100)), 2),
  }),
  positional: ["sigma", "flat", "jagged"],
  example: "sharpen(1.5)",
  fuse: { slots: ["sharpen"], unclamped: true },
  apply: (image, { sigma, flat, jagged }) =>
    sigma === undefined ? image.sharpen() : image.sharpen({ sigma, m1: flat, m2: jagged }),
});
