import { inSlices } from "./kernels/slices.ts";
import type { Region } from "./operation.ts";
import type { RawImage } from "./raw-image.ts";

/**
 * The smallest rectangle outside of which every pixel is like the top left one: no sample differs by more than
 * `threshold`. Undefined when that holds for all pixels. Two wholly transparent pixels are alike.
 */
export async function contentRegion(
  pixels: RawImage,
  threshold: number,
  signal: AbortSignal | undefined,
): Promise<Region | undefined> {
  const { width, height } = pixels;
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  await inSlices(height, signal, (y) => {
    const first = firstUnlike(pixels, y, 0, width, threshold);
    if (first === width) return;
    top = Math.min(top, y);
    bottom = y;
    left = Math.min(left, first);
    // Nothing left of what is known already can move the right edge.
    for (let x = width - 1; x > right; x--) {
      if (firstUnlike(pixels, y, x, x + 1, threshold) === x) right = x;
    }
  });
  if (right === -1) return undefined;
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The first column from `from` of a row whose pixel is not like the top left one; `to` when there is none. */
function firstUnlike(
  { data, width, channels }: RawImage,
  y: number,
  from: number,
  to: number,
  threshold: number,
): number {
  const alpha = channels % 2 === 0 ? channels - 1 : -1;
  for (let x = from; x < to; x++) {
    const at = (y * width + x) * channels;
    if (alpha !== -1 && data[alpha] === 0 && data[at + alpha] === 0) continue;
    for (let channel = 0; channel < channels; channel++) {
      if (Math.abs((data[at + channel] ?? 0) - (data[channel] ?? 0)) > threshold) return x;
    }
  }
  return to;
}
