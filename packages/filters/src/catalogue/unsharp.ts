import * as v from "valibot";
import { definePixelFilter } from "../define-pixel-filter.ts";
import type { Filter } from "../filter.ts";
import { gaussianBlur } from "../kernels/gaussian-blur.ts";
import { runKernels } from "../kernels/run-kernels.ts";
import { unsharp as unsharpKernel } from "../kernels/unsharp.ts";
import { libvipsUsesVectors } from "../libvips-uses-vectors.ts";
import { about, numberFrom, parameters } from "../parameters.ts";
import type { RawImage } from "../raw-image.ts";
import { throughSharp } from "../raw-sharp.ts";

export interface UnsharpParams {
  /** Standard deviation of the blur that is taken away, in pixels, 0.3 to 100. @default 2 */
  readonly sigma: number;
  /** How much of the difference is added, 0 to 10. @default 1.5 */
  readonly amount: number;
  /** Differences below it stay, in levels, 0 to 255: grain is not sharpened. @default 3 */
  readonly threshold: number;
}

/** Adds the difference to a blurred copy, where it is large enough: Pillow's `UnsharpMask`. Alpha is kept. */
export const unsharp: Filter<"unsharp", Partial<UnsharpParams>, UnsharpParams> = definePixelFilter({
  name: "unsharp",
  description: "Makes outlines crisper by the difference to a blurred copy, and leaves grain alone.",
  params: parameters({
    sigma: v.optional(about("Blur that is taken away, in pixels.", numberFrom(0.3, 100)), 2),
    amount: v.optional(about("How much of the difference is added.", numberFrom(0, 10)), 1.5),
    threshold: v.optional(about("Smaller differences stay, in levels.", numberFrom(0, 255)), 3),
  }),
  positional: ["sigma", "amount", "threshold"],
  example: "unsharp(3, 2)",
  apply: async (pixels, { sigma, amount, threshold }, { signal }) =>
    unsharpKernel(pixels, await soften(pixels, sigma, signal), { amount, threshold, signal }),
});

/** The same bits either way: the kernel spares the way through sharp. */
async function soften(pixels: RawImage, sigma: number, signal: AbortSignal | undefined): Promise<RawImage> {
  const opaque = pixels.channels % 2 === 1;
  const kernels = opaque && libvipsUsesVectors() ? gaussianBlur(sigma) : undefined;
  if (kernels !== undefined) return runKernels(pixels, kernels, { signal });
  return throughSharp(pixels, (image) => image.blur({ sigma }));
}
