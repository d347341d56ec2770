import type { RawImage } from "../raw-image.ts";
import { isAlpha, type Place, sampleAt } from "./samples.ts";

/** Each sample the mean of those of its block, colours weighted by alpha, rounded half up. */
export function referencePixelate(image: RawImage, size: number): RawImage {
  const { width, height, channels } = image;
  const data = image.data.map((_, index) => {
    const channel = index % channels;
    const pixel = (index - channel) / channels;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const block: Place[] = [];
    for (let row = y - (y % size); row < Math.min(height, y - (y % size) + size); row++) {
      for (let column = x - (x % size); column < Math.min(width, x - (x % size) + size); column++)
        block.push({ x: column, y: row, channel });
    }
    const weighted = channels % 2 === 0 && !isAlpha(channel, channels);
    const weights = block.map((place) =>
      weighted ? sampleAt(image, { ...place, channel: channels - 1 }) : 1,
    );
    const weight = weights.reduce((sum, one) => sum + one, 0);
    const total = block.reduce((sum, place, at) => sum + sampleAt(image, place) * (weights[at] ?? 0), 0);
    return weight === 0 ? 0 : Math.floor(total / weight + 0.5);
  });
  return { ...image, data };
}
