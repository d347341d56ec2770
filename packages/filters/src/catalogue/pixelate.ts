import * as v from "valibot";
import { definePixelFilter } from "../define-pixel-filter.ts";
import type { Filter } from "../filter.ts";
import { inSlices } from "../kernels/slices.ts";
import { about, integerFrom, parameters } from "../parameters.ts";
import type { RawImage } from "../raw-image.ts";

export interface PixelateParams {
  /** Side of a block, in pixels, 2 to 1,000. @default 10 */
  readonly size: number;
}

/** Fills blocks, counted from the top left, with their mean, colours weighted by alpha; rounded half up. */
export const pixelate: Filter<"pixelate", Partial<PixelateParams>, PixelateParams> = definePixelFilter({
  name: "pixelate",
  description: "Coarsens the picture into square blocks, as to hide a face.",
  params: parameters({ size: v.optional(about("Side of a block, in pixels.", integerFrom(2, 1000)), 10) }),
  positional: ["size"],
  example: "pixelate(14)",
  idempotent: true,
  apply: async (pixels, { size }, { signal }) => {
    const { width, height } = pixels;
    const data = Buffer.allocUnsafeSlow(pixels.data.length);
    const across = Math.ceil(width / size);
    // A row of blocks is held for as long as `size` rows take, so blocks are the unit of work.
    await inSlices(across * Math.ceil(height / size), signal, (block) => {
      const [x, y] = [(block % across) * size, Math.floor(block / across) * size];
      fillBlock(pixels, data, { x, y, right: Math.min(width, x + size), below: Math.min(height, y + size) });
    });
    return { ...pixels, data };
  },
});

interface Block {
  readonly x: number;
  readonly y: number;
  readonly right: number;
  readonly below: number;
}

function fillBlock(pixels: RawImage, data: Uint8Array, { x, y, right, below }: Block): void {
  const { width, channels } = pixels;
  const mean = meanOf(pixels, { x, y, right, below });
  const row = (y * width + x) * channels;
  const rowBytes = (right - x) * channels;
  for (let at = row; at < row + rowBytes; at += channels) {
    for (let channel = 0; channel < channels; channel++) data[at + channel] = mean[channel] ?? 0;
  }
  for (let line = y + 1; line < below; line++) {
    data.copyWithin((line * width + x) * channels, row, row + rowBytes);
  }
}

function meanOf({ data, width, channels }: RawImage, { x, y, right, below }: Block): readonly number[] {
  const alpha = channels % 2 === 0 ? channels - 1 : -1;
  const sums = [0, 0, 0, 0];
  let weights = 0;
  for (let line = y; line < below; line++) {
    for (let at = (line * width + x) * channels; at < (line * width + right) * channels; at += channels) {
      const weight = alpha === -1 ? 1 : (data[at + alpha] ?? 0);
      weights += weight;
      for (let channel = 0; channel < channels; channel++) {
        sums[channel] = (sums[channel] ?? 0) + (channel === alpha ? 1 : (data[at + channel] ?? 0)) * weight;
      }
    }
  }
  const count = (right - x) * (below - y);
  return sums.map((sum, channel) => {
    if (channel === alpha) return Math.floor(sum / count + 0.5);
    return weights === 0 ? 0 : Math.floor(sum / weights + 0.5);
  });
}
