import type { RawImage } from "@imgq/filters";
import sharp, { type Sharp } from "sharp";

/** Opens raw pixels as the input of a chain, without a copy. */
export function openPixels({ data, width, height, channels }: RawImage): Sharp {
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}

/** Grey pixels of RGB ones whose three colours are alike: the first colour, and alpha. */
export function greyOf(pixels: RawImage): RawImage {
  const { data, width, height, channels } = pixels;
  if (channels < 3) return pixels;
  const out = channels === 4 ? 2 : 1;
  const first = new Uint8Array(width * height * out);
  for (let from = 0, to = 0; from < data.length; from += channels, to += out) {
    first[to] = data[from] ?? 0;
    if (out === 2) first[to + 1] = data[from + 3] ?? 0;
  }
  return { data: first, width, height, channels: out };
}

export function hasAlpha(channels: RawImage["channels"]): boolean {
  return channels === 2 || channels === 4;
}
