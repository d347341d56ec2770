import type { RawImage } from "../raw-image.ts";
import { mapSamples, toByte } from "./samples.ts";

/** `value + (value − soft) × amount`, every step in single precision, where the two differ by `threshold` or more. */
export function referenceUnsharp(
  image: RawImage,
  soft: RawImage,
  amount: number,
  threshold: number,
): RawImage {
  const { width, channels } = image;
  return mapSamples(image, (value, { x, y, channel }) => {
    const difference = value - (soft.data[(y * width + x) * channels + channel] ?? 0);
    if (Math.abs(difference) < threshold) return value;
    return toByte(Math.fround(value + Math.fround(difference * Math.fround(amount))));
  });
}
