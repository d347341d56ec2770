import * as v from "valibot";
import { defineFilter } from "../define-filter.ts";
import type { Filter } from "../filter.ts";
import { gaussianBlur } from "../kernels/gaussian-blur.ts";
import { libvipsUsesVectors } from "../libvips-uses-vectors.ts";
import { about, numberFrom, parameters } from "../parameters.ts";

export interface BlurParams {
  /** Standard deviation of the Gaussian in pixels, 0.3 to 1000. @default 2 */
  readonly sigma: number;
}

/** Gaussian blur, borders replicated, colours weighted by alpha. */
export const blur: Filter<"blur", Partial<BlurParams>, BlurParams> = defineFilter({
  name: "blur",
  description: "Softens the picture with a Gaussian.",
  params: parameters({
    sigma: v.optional(about("Standard deviation, in pixels.", numberFrom(0.3, 1000)), 2),
  }),
  positional: ["sigma"],
  example: "blur(2)",
  fuse: { slots: ["blur"], kernels: ({ sigma }) => (libvipsUsesVectors() ? gaussianBlur(sigma) : undefined) },
  apply: (image, { sigma }) => image.blur({ sigma }),
});
