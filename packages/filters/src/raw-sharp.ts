import type { Sharp } from "sharp";
import sharp from "sharp";
import { luma } from "./kernels/luma.ts";
import { runKernels } from "./kernels/run-kernels.ts";
import type { RawImage } from "./raw-image.ts";

/** Runs sharp's operations on raw pixels in the middle of a filter; the layout of channels stays. */
export async function throughSharp(pixels: RawImage, operate: (image: Sharp) => Sharp): Promise<RawImage> {
  const { width, height, channels } = pixels;
  const input = sharp(pixels.data, { raw: { width, height, channels }, limitInputPixels: false });
  // Raw output is sRGB unless told; one channel stays one.
  const image = channels === 1 ? operate(input).toColourspace("b-w") : operate(input);
  const { data, info } = await image.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
  if (info.channels === channels) return { data, width: info.width, height: info.height, channels };
  // Grey with alpha comes back as RGB with alpha; the luma of a grey is that grey.
  return runKernels({ data, width: info.width, height: info.height, channels: info.channels }, [luma()]);
}
