import * as v from "valibot";
import { definePixelFilter } from "../define-pixel-filter.ts";
import type { Filter } from "../filter.ts";
import { addAlpha } from "../kernels/alpha.ts";
import { runKernels } from "../kernels/run-kernels.ts";
import { inSlices } from "../kernels/slices.ts";
import type { Size } from "../operation.ts";
import { about, integerFrom, parameters } from "../parameters.ts";

export interface RoundCornersParams {
  /** In pixels; at most half the shorter side counts, so that a large number makes a pill or a disc. @default 20 */
  readonly radius: number;
}

/** Makes the corners transparent outside a quarter circle, with smooth edges. Adds alpha where there is none. */
export const roundCorners: Filter<
  "roundCorners",
  Partial<RoundCornersParams>,
  RoundCornersParams
> = definePixelFilter({
  name: "roundCorners",
  description: "Rounds the picture's corners; what is cut becomes transparent.",
  params: parameters({
    radius: v.optional(about("Pixels; at most half the shorter side counts.", integerFrom(0, 100_000)), 20),
  }),
  positional: ["radius"],
  example: "roundCorners(40)",
  apply: async (pixels, { radius }, { signal, reuseInput }) => {
    const image = await runKernels(pixels, [addAlpha()], { signal, reuseInput });
    const { data, channels } = image;
    await cut(image, radius, signal, (pixel, share) => {
      const alpha = pixel * channels + channels - 1;
      data[alpha] = Math.round((data[alpha] ?? 0) * share);
    });
    return image;
  },
  sharp: ({ radius }) => ({
    slots: ["join-channel"],
    // sharp takes grey with a channel joined to it for colours; alpha that is there is to be multiplied, not joined.
    only: ({ alpha, grey }) => !alpha && !grey,
    addsAlpha: true,
    apply: async (image, { width, height, signal }) => {
      const alpha = Buffer.alloc(width * height, 255);
      await cut({ width, height }, radius, signal, (pixel, share) => {
        alpha[pixel] = Math.round(255 * share);
      });
      return image.joinChannel(alpha, { raw: { width, height, channels: 1 } });
    },
  }),
});

/** Tells of each pixel that is not wholly inside how much of it is. */
function cut(
  { width, height }: Size,
  atMost: number,
  signal: AbortSignal | undefined,
  each: (pixel: number, share: number) => void,
): Promise<void> {
  const radius = Math.min(atMost, width / 2, height / 2);
  return inSlices(Math.ceil(radius), signal, (y) => {
    const rows = y === height - 1 - y ? [y] : [y, height - 1 - y];
    for (let x = 0; x < Math.ceil(radius); x++) {
      const share = coverage(radius, x, y);
      if (share === 1) break;
      const columns = x === width - 1 - x ? [x] : [x, width - 1 - x];
      for (const row of rows) for (const column of columns) each(row * width + column, share);
    }
  });
}

/** How much of a pixel lies inside the quarter circle, by the distance of its middle: exact to a few hundredths. */
function coverage(radius: number, x: number, y: number): number {
  const distance = Math.hypot(radius - x - 0.5, radius - y - 0.5);
  return Math.min(1, Math.max(0, radius - distance + 0.5));
}
