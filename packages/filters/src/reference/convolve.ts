import type { RawImage } from "../raw-image.ts";
import { mapSamples, sampleAt, toByte } from "./samples.ts";

/** `offset + Σ weight / divisor × sample`, row by row, with every step in single precision. */
export function referenceConvolve(
  image: RawImage,
  mask: {
    readonly width: number;
    readonly height: number;
    readonly weights: readonly number[];
    readonly divisor: number;
    readonly offset: number;
  },
): RawImage {
  return mapSamples(image, (_, { x, y, channel }) => {
    let sum = Math.fround(mask.offset);
    for (const [index, weight] of mask.weights.entries()) {
      const place = {
        x: x + (index % mask.width) - (mask.width - 1) / 2,
        y: y + Math.floor(index / mask.width) - (mask.height - 1) / 2,
        channel,
      };
      sum = Math.fround(sum + Math.fround(Math.fround(weight / mask.divisor) * sampleAt(image, place)));
    }
    return toByte(sum);
  });
}
