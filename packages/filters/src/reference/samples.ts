import type { RawImage } from "../raw-image.ts";

/** One sample's place in an image. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly channel: number;
}

/** A new image with each colour sample given by `compute`, alpha copied. */
export function mapSamples(image: RawImage, compute: (value: number, place: Place) => number): RawImage {
  const { data, width, channels } = image;
  const out = data.map((value, index) => {
    const channel = index % channels;
    if (isAlpha(channel, channels)) return value;
    const pixel = (index - channel) / channels;
    return compute(value, { x: pixel % width, y: Math.floor(pixel / width), channel });
  });
  return { ...image, data: out };
}

/** The sample at a place; outside the image the nearest one inside. */
export function sampleAt({ data, width, height, channels }: RawImage, { x, y, channel }: Place): number {
  const column = Math.min(width - 1, Math.max(0, x));
  const row = Math.min(height - 1, Math.max(0, y));
  return data[(row * width + column) * channels + channel] ?? 0;
}

function isAlpha(channel: number, channels: number): boolean {
  return channels % 2 === 0 && channel === channels - 1;
}

/** Rounds to the nearest integer, halves to the even one, and clamps to 0…255. */
export function toByte(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  const rounded = rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
  return Math.min(255, Math.max(0, rounded));
}
