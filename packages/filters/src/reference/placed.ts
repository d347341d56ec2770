import type { RawImage } from "../raw-image.ts";
import { mapSamples, toByte } from "./samples.ts";

/** The "lowbias32" integer hash. */
function scrambled(number: number): number {
  let mixed = number ^ (number >>> 16);
  mixed = Math.imul(mixed, 0x7feb352d);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Adds the scaled sum of four random bytes, drawn by the number of the sample, or of the pixel. */
export function referenceNoise(
  image: RawImage,
  { deviation, seed, grey }: { readonly deviation: number; readonly seed: number; readonly grey: boolean },
): RawImage {
  const scale = Math.fround(deviation / Math.sqrt((4 * (256 ** 2 - 1)) / 12));
  return mapSamples(image, (value, { x, y, channel }) => {
    const pixel = y * image.width + x;
    const number = grey ? pixel : pixel * image.channels + channel;
    const bits = scrambled(number ^ Math.imul(seed, 0x9e3779b1));
    const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24) - 510;
    return toByte(Math.fround(value + Math.fround(sum * scale)));
  });
}

/** Multiplies by 1 − strength × smoothstep of the squared distance to the centre; a corner is at distance 1. */
export function vignetteFactor(
  {
    x,
    y,
    width,
    height,
  }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  { strength, start }: { readonly strength: number; readonly start: number },
): number {
  const across = (x + 0.5 - width / 2) / (Math.hypot(width, height) / 2);
  const down = (y + 0.5 - height / 2) / (Math.hypot(width, height) / 2);
  const fall = (across ** 2 + down ** 2 - start ** 2) / (1 - start ** 2);
  const part = Math.min(1, Math.max(0, fall));
  return 1 - part * part * (3 - 2 * part) * strength;
}

/** The same in the kernel's steps, each in single precision. */
export function referenceVignette(
  image: RawImage,
  { strength, start }: { readonly strength: number; readonly start: number },
): RawImage {
  const { width, height } = image;
  const { fround } = Math;
  const perPixel = 2 / Math.hypot(width, height);
  const from = fround(start * start);
  const scale = fround(1 / fround(1 - from));
  return mapSamples(image, (value, { x, y }) => {
    const across = fround((x + 0.5 - width / 2) * fround(perPixel));
    const down = fround((y + 0.5 - height / 2) * perPixel);
    const distance = fround(fround(across * across) + fround(down * down));
    const fall = fround(fround(distance - from) * scale);
    const part = Math.min(1, Math.max(0, fall));
    const smooth = fround(fround(part * part) * fround(3 - fround(part + part)));
    return toByte(fround(value * fround(1 - fround(smooth * fround(strength)))));
  });
}
