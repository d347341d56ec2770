import type { RawImage } from "../raw-image.ts";
import { mapSamples, toByte } from "./samples.ts";

/** `value × multiply + add` with every step in single precision. */
export function referenceAffine(image: RawImage, multiply: number, add: number): RawImage {
  const factor = Math.fround(multiply);
  const term = Math.fround(add);
  return mapSamples(image, (value) => toByte(Math.fround(Math.fround(value * factor) + term)));
}
