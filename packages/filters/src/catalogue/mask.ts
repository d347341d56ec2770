import * as v from "valibot";
import { definePixelFilter } from "../define-pixel-filter.ts";
import type { Filter } from "../filter.ts";
import { addAlpha } from "../kernels/alpha.ts";
import { luma } from "../kernels/luma.ts";
import { pickChannel } from "../kernels/pick-channel.ts";
import { runKernels } from "../kernels/run-kernels.ts";
import { inSlices } from "../kernels/slices.ts";
import { about, flag, oneOf, parameters, text } from "../parameters.ts";
import type { RawImage } from "../raw-image.ts";
import { throughSharp } from "../raw-sharp.ts";

const sources = ["luma", "alpha"] as const;
export type MaskSource = (typeof sources)[number];

export interface MaskParams {
  /** Path of the mask in the pipeline's input folder. It is stretched to the picture's size. */
  readonly image: string;
  /** What of the mask counts: its light (white shows, black hides) or its alpha. @default "luma" */
  readonly by: MaskSource;
  /** Whether to show what it hides. @default false */
  readonly invert: boolean;
}

/** Multiplies alpha by another picture. Adds alpha where there is none. */
export const mask: Filter<"mask", { image: string; by?: MaskSource; invert?: boolean }, MaskParams> =
  definePixelFilter({
    name: "mask",
    description: "Shows the picture where another one is light, or opaque, and hides the rest.",
    params: parameters({
      image: about("The mask, stretched to the picture's size.", text("a path in the input folder", 4096)),
      by: v.optional(about("What of the mask counts.", oneOf(sources)), "luma"),
      invert: v.optional(about("Whether to show what it hides.", flag()), false),
    }),
    positional: ["image", "by"],
    example: "mask(cup-cutout.png, alpha)",
    apply: async (pixels, { image, by, invert }, context) => {
      const { signal, reuseInput } = context;
      const given = await context.readImage(image);
      const pick = by === "alpha" ? [pickChannel("alpha")] : [luma(), pickChannel("red")];
      const grey = await runKernels(given, pick, { signal });
      const { width, height } = pixels;
      const stretched = await throughSharp(grey, (one) => one.resize({ width, height, fit: "fill" }));
      const withAlpha = await runKernels(pixels, [addAlpha()], { signal, reuseInput });
      await multiplyAlpha(withAlpha, stretched, invert, signal);
      return withAlpha;
    },
  });

async function multiplyAlpha(
  { data, width, height, channels }: RawImage,
  grey: RawImage,
  invert: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const flipped = invert ? 255 : 0;
  await inSlices(height, signal, (y) => {
    let at = y * width * channels + channels - 1;
    for (let pixel = y * width; pixel < (y + 1) * width; pixel++) {
      // Divides by 255 and rounds exactly.
      const product = (data[at] ?? 0) * ((grey.data[pixel] ?? 0) ^ flipped) + 128;
      data[at] = (product + (product >> 8)) >> 8;
      at += channels;
    }
  });
}
