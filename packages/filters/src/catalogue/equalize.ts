import * as v from "valibot";
import { definePixelFilter } from "../define-pixel-filter.ts";
import type { Filter } from "../filter.ts";
import { luma } from "../kernels/luma.ts";
import { pickChannel } from "../kernels/pick-channel.ts";
import { runKernels } from "../kernels/run-kernels.ts";
import { inSlices } from "../kernels/slices.ts";
import { about, integerFrom, parameters } from "../parameters.ts";
import type { RawImage } from "../raw-image.ts";
import { throughSharp } from "../raw-sharp.ts";

export interface EqualizeParams {
  /** Side of the window, in pixels, 3 to 1,000. @default 64 */
  readonly size: number;
  /** Bound on how steep the tone curve gets, 1 to 100; 0 for none. @default 3 */
  readonly maxSlope: number;
}

/**
 * Contrast-limited adaptive histogram equalisation (CLAHE) of luma in a window around each pixel. The change of luma is
 * added to red, green and blue, so hues stay; alpha is kept.
 */
export const equalize: Filter<"equalize", Partial<EqualizeParams>, EqualizeParams> = definePixelFilter({
  name: "equalize",
  description: "Brings out detail in dark and bright places, each by its surroundings (CLAHE).",
  params: parameters({
    size: v.optional(about("Side of the window, in pixels.", integerFrom(3, 1000)), 64),
    maxSlope: v.optional(about("Limit on contrast; 0 for none.", integerFrom(0, 100)), 3),
  }),
  positional: ["size", "maxSlope"],
  example: "equalize(100, 4)",
  apply: async (pixels, { size, maxSlope }, { signal }) => {
    const before = await runKernels(pixels, [luma(), pickChannel("red")], { signal });
    // libvips takes no window larger than the picture.
    const window = { width: Math.min(size, pixels.width), height: Math.min(size, pixels.height) };
    const after = await throughSharp(before, (image) => image.clahe({ ...window, maxSlope }));
    return addChange(pixels, before, after, signal);
  },
});

async function addChange(
  pixels: RawImage,
  before: RawImage,
  after: RawImage,
  signal: AbortSignal | undefined,
): Promise<RawImage> {
  const { width, height, channels } = pixels;
  const colors = channels < 3 ? 1 : 3;
  // Clamps on storing; alpha is copied.
  const data = new Uint8ClampedArray(pixels.data);
  await inSlices(height, signal, (y) => {
    for (let pixel = y * width; pixel < (y + 1) * width; pixel++) {
      const change = (after.data[pixel] ?? 0) - (before.data[pixel] ?? 0);
      for (let at = pixel * channels; at < pixel * channels + colors; at++) {
        data[at] = (pixels.data[at] ?? 0) + change;
      }
    }
  });
  return { ...pixels, data: Buffer.from(data.buffer) };
}
