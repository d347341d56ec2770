import * as v from "valibot";
import { definePixelFilter } from "../define-pixel-filter.ts";
import type { Filter } from "../filter.ts";
import { inSlices } from "../kernels/slices.ts";
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
  apply: async (pixels, { sigma, amount, threshold }, { signal }) => {
    const blurred = await throughSharp(pixels, (image) => image.blur({ sigma }));
    return addDifference(pixels, blurred, amount, threshold, signal);
  },
});

async function addDifference(
  pixels: RawImage,
  blurred: RawImage,
  amount: number,
  threshold: number,
  signal: AbortSignal | undefined,
): Promise<RawImage> {
  const { width, height, channels } = pixels;
  const alpha = channels % 2 === 0 ? channels - 1 : -1;
  // Clamps and rounds on storing.
  const data = new Uint8ClampedArray(pixels.data.length);
  const rowBytes = width * channels;
  await inSlices(height, signal, (y) => {
    for (let at = y * rowBytes; at < (y + 1) * rowBytes; at++) {
      const value = pixels.data[at] ?? 0;
      const difference = value - (blurred.data[at] ?? 0);
      const small = Math.abs(difference) < threshold || at % channels === alpha;
      data[at] = small ? value : value + difference * amount;
    }
  });
  return { ...pixels, data: Buffer.from(data.buffer) };
}
