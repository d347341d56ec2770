import type { RawImage } from "../raw-image.ts";
import { isAlpha, sampleAt } from "./samples.ts";

/** The mean over a square, added up sample by sample; colours weighted by alpha; rounded half up. */
export function referenceBoxBlur(image: RawImage, radius: number): RawImage {
  const { width, channels } = image;
  const hasAlpha = channels % 2 === 0;
  const data = image.data.map((_, index) => {
    const channel = index % channels;
    const pixel = (index - channel) / channels;
    let sum = 0;
    let weights = 0;
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) {
        const place = { x: (pixel % width) + dx, y: Math.floor(pixel / width) + dy };
        const weighted = hasAlpha && !isAlpha(channel, channels);
        const weight = weighted ? sampleAt(image, { ...place, channel: channels - 1 }) : 1;
        sum += weight * sampleAt(image, { ...place, channel });
        weights += weight;
      }
    }
    return weights === 0 ? 0 : Math.floor((sum + Math.floor(weights / 2)) / weights);
  });
  return { ...image, data };
}
