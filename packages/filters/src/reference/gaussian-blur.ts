import type { RawImage } from "../raw-image.ts";
import { sampleAt } from "./samples.ts";

/**
 * The blur of libvips from its definition: a line of weights 20 × e^(−d² ÷ 2σ²), rounded, cut off below 0.2 of the middle's;
 * scaled to a common power of two so that the largest has seven bits; applied across, rounded to bytes, then down.
 */
export function referenceGaussianBlur(image: RawImage, sigma: number): RawImage {
  const heights: number[] = [];
  for (let distance = 0; distance < Math.floor(8 * sigma); distance++) {
    const height = Math.exp(-(distance ** 2) / (2 * sigma ** 2));
    if (height < 0.2) break;
    heights.push(Math.round(20 * height));
  }
  const sum = 2 * heights.reduce((total, height) => total + height, 0) - 20;
  const shift = 6 - Math.ceil(Math.log2(20 / sum));
  const weights = heights.map((height) => Math.round((height / sum) * 2 ** shift));
  return line(line(image, weights, shift, { x: 1, y: 0 }), weights, shift, { x: 0, y: 1 });
}

function line(
  image: RawImage,
  weights: readonly number[],
  shift: number,
  direction: { readonly x: number; readonly y: number },
): RawImage {
  const { width, channels } = image;
  const data = image.data.map((_, index) => {
    const channel = index % channels;
    const pixel = (index - channel) / channels;
    const at = (distance: number): number =>
      sampleAt(image, {
        x: (pixel % width) + distance * direction.x,
        y: Math.floor(pixel / width) + distance * direction.y,
        channel,
      });
    const total = weights.reduce(
      (sum, weight, distance) => sum + weight * (distance === 0 ? at(0) : at(distance) + at(-distance)),
      0,
    );
    return Math.min(255, Math.floor(total / 2 ** shift + 0.5));
  });
  return { ...image, data };
}
