import type { RawImage } from "../raw-image.ts";
import { sampleAt } from "./samples.ts";

/** The middle one of each square of samples in order, alpha like a colour. */
export function referenceMedian(image: RawImage, size: number): RawImage {
  const { data, width, channels } = image;
  const before = size >> 1;
  const out = data.map((_, index) => {
    const channel = index % channels;
    const pixel = (index - channel) / channels;
    const [x, y] = [(pixel % width) - before, Math.floor(pixel / width) - before];
    const square = Array.from({ length: size * size }, (_unused, at) =>
      sampleAt(image, { x: x + (at % size), y: y + Math.floor(at / size), channel }),
    );
    return square.toSorted((one, other) => one - other)[(size * size) >> 1] ?? 0;
  });
  return { ...image, data: out };
}
