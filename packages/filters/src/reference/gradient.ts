import type { RawImage } from "../raw-image.ts";
import { mapSamples, sampleAt } from "./samples.ts";

const weights = { sobel: [1, 2, 1], scharr: [3, 10, 3], prewitt: [1, 1, 1] } as const;

/** Gradient magnitude from the definition: smoothing along the edge, difference across it. */
export function referenceGradient(
  image: RawImage,
  operator: keyof typeof weights,
  norm: "l1" | "l2",
): RawImage {
  return mapSamples(image, (_, { x, y, channel }) => {
    let gx = 0;
    let gy = 0;
    for (const [index, weight] of weights[operator].entries()) {
      const along = index - 1;
      gx += weight * sampleAt(image, { x: x + 1, y: y + along, channel });
      gx -= weight * sampleAt(image, { x: x - 1, y: y + along, channel });
      gy += weight * sampleAt(image, { x: x + along, y: y + 1, channel });
      gy -= weight * sampleAt(image, { x: x + along, y: y - 1, channel });
    }
    const magnitude = norm === "l1" ? Math.abs(gx) + Math.abs(gy) : Math.round(Math.hypot(gx, gy));
    return Math.min(255, magnitude);
  });
}

/** |left + right + above + below − 4 × centre|, at most 255. */
export function referenceLaplacian(image: RawImage): RawImage {
  return mapSamples(image, (value, { x, y, channel }) => {
    const around =
      sampleAt(image, { x: x - 1, y, channel }) +
      sampleAt(image, { x: x + 1, y, channel }) +
      sampleAt(image, { x, y: y - 1, channel }) +
      sampleAt(image, { x, y: y + 1, channel });
    return Math.min(255, Math.abs(around - 4 * value));
  });
}
