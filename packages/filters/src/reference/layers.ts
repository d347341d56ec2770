import type { LayerPlace } from "../lay-over.ts";
import type { RawImage } from "../raw-image.ts";
import { referenceAddAlpha } from "./layout.ts";
import { isAlpha, sampleAt } from "./samples.ts";

/** Alpha by the share of each pixel inside of the rounded rectangle, told by the distance of its middle. */
export function referenceRoundCorners(image: RawImage, radius: number): RawImage {
  const { width, height } = image;
  const used = Math.min(radius, width / 2, height / 2);
  return mapAlpha(referenceAddAlpha(image), (alpha, x, y) => {
    const [across, down] = [Math.min(x, width - 1 - x) + 0.5, Math.min(y, height - 1 - y) + 0.5];
    if (across >= used || down >= used) return alpha;
    const inside = used - Math.hypot(used - across, used - down) + 0.5;
    return Math.round(alpha * Math.min(1, Math.max(0, inside)));
  });
}

/** Alpha times the levels of a grey picture of the same size. */
export function referenceMask(image: RawImage, grey: RawImage): RawImage {
  return mapAlpha(referenceAddAlpha(image), (alpha, x, y) =>
    Math.round((alpha * sampleAt(grey, { x, y, channel: 0 })) / 255),
  );
}

function mapAlpha(image: RawImage, compute: (alpha: number, x: number, y: number) => number): RawImage {
  const { width, channels } = image;
  const data = image.data.map((value, index) => {
    if (!isAlpha(index % channels, channels)) return value;
    const pixel = Math.floor(index / channels);
    return compute(value, pixel % width, Math.floor(pixel / width));
  });
  return { ...image, data };
}

/** "Over" by its definition for each pixel on which a layer with alpha lies, rounded half up. */
export function referenceLayOver(
  ground: RawImage,
  layer: RawImage,
  { left, top, repeat }: LayerPlace,
): RawImage {
  const { width, channels } = ground;
  const opacity = layer.channels - 1;
  const data = ground.data.map((value, index) => {
    const channel = index % channels;
    const pixel = Math.floor(index / channels);
    const x = along((pixel % width) - left, repeat?.across);
    const y = along(Math.floor(pixel / width) - top, repeat?.down);
    if (x < 0 || y < 0 || x >= layer.width || y >= layer.height) return value;
    const alpha = sampleAt(layer, { x, y, channel: opacity }) / 255;
    if (alpha === 0) return value;
    const under = channels % 2 === 0 ? (ground.data[pixel * channels + channels - 1] ?? 0) / 255 : 1;
    const whole = alpha + under * (1 - alpha);
    if (isAlpha(channel, channels)) return Math.floor(whole * 255 + 0.5);
    const mixed = sampleAt(layer, { x, y, channel }) * alpha + value * under * (1 - alpha);
    return Math.floor(mixed / whole + 0.5);
  });
  return { ...ground, data };
}

function along(distance: number, period: number | undefined): number {
  return period === undefined ? distance : ((distance % period) + period) % period;
}
