import type { RawImage } from "../raw-image.ts";

/**
 * Rec. 601 luma of sRGB samples in 16-bit fixed point, bit for bit what Pillow's `convert("L")` computes. Grey pictures
 * are returned as they are; alpha is kept.
 */
export function luma(pixels: RawImage): RawImage {
  const { data, width, height, channels } = pixels;
  if (channels < 3) return pixels;
  const out = channels === 4 ? 2 : 1;
  const grey = new Uint8Array(width * height * out);
  for (let from = 0, to = 0; from < data.length; from += channels, to += out) {
    grey[to] =
      (at(data, from) * 19595 + at(data, from + 1) * 38470 + at(data, from + 2) * 7471 + 0x8000) >> 16;
    if (out === 2) grey[to + 1] = at(data, from + 3);
  }
  return { data: grey, width, height, channels: out };
}

function at(data: Uint8Array, index: number): number {
  return data[index] ?? 0;
}
