import * as v from "valibot";
import { clahe } from "../clahe.ts";
import { definePixelFilter } from "../define-pixel-filter.ts";
import type { Filter } from "../filter.ts";
import { luma } from "../kernels/luma.ts";
import { pickChannel } from "../kernels/pick-channel.ts";
import { runKernels } from "../kernels/run-kernels.ts";
import { inSlices } from "../kernels/slices.ts";
import { about, integerFrom, numberFrom, parameters } from "../parameters.ts";
import type { RawImage } from "../raw-image.ts";

export interface EqualizeParams {
  /** Tiles across and down, each with its own tone curve, 1 to 32; 1 equalises the picture as a whole. @default 8 */
  readonly tiles: number;
  /** How steep a tone curve may get, 1 to 100; 0 for any. @default 3 */
  readonly limit: number;
}

/**
 * Contrast-limited adaptive histogram equalisation (CLAHE) of luma. The change of luma is added to red, green and blue,
 * so that hues stay; alpha is kept.
 */
export const equalize: Filter<"equalize", Partial<EqualizeParams>, EqualizeParams> = definePixelFilter({
  name: "equalize",
  description: "Brings out detail in dark and bright places, each by its surroundings (CLAHE).",
  params: parameters({
    tiles: v.optional(about("Tiles across and down; 1 for the whole picture.", integerFrom(1, 32)), 8),
    limit: v.optional(about("How steep a tone curve may get; 0 for any.", numberFrom(0, 100)), 3),
  }),
  positional: ["tiles", "limit"],
  example: "equalize(4, 4)",
  apply: async (pixels, params, { signal, reuseInput }) => {
    const before = await runKernels(pixels, [luma(), pickChannel("red")], { signal });
    const image = reuseInput ? pixels : { ...pixels, data: Buffer.from(pixels.data) };
    await addChange(image, before, await clahe(before, params, signal), signal);
    return image;
  },
});

async function addChange(
  { data: { buffer, byteOffset, length }, width, height, channels }: RawImage,
  before: RawImage,
  after: RawImage,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Clamps on storing.
  const data = new Uint8ClampedArray(buffer, byteOffset, length);
  const add = channels < 3 ? addToGrey : addToColors;
  await inSlices(height, signal, (y) => {
    for (let pixel = y * width; pixel < (y + 1) * width; pixel++) {
      const change = (after.data[pixel] ?? 0) - (before.data[pixel] ?? 0);
      if (change !== 0) add(data, pixel * channels, change);
    }
  });
}

function addToGrey(data: Uint8ClampedArray, at: number, change: number): void {
  data[at] = (data[at] ?? 0) + change;
}

function addToColors(data: Uint8ClampedArray, at: number, change: number): void {
  data[at] = (data[at] ?? 0) + change;
  data[at + 1] = (data[at + 1] ?? 0) + change;
  data[at + 2] = (data[at + 2] ?? 0) + change;
}
