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

export function isAlpha(channel: number, channels: number): boolean {
  return channels % 2 === 0 && channel === channels - 1;
}

/** Rounds to the nearest integer, halves to the even one, and clamps to 0…255. */
export function toByte(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  const rounded = rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
  return Math.min(255, Math.max(0, rounded));
}

/** A pixel as any layout of channels shows it. */
export interface Pixel {
  readonly rgb: readonly [red: number, green: number, blue: number];
  /** 255 in an image without alpha. */
  readonly alpha: number;
}

/** A new RGB image, with alpha if the image has alpha, of each pixel's new colour. */
export function mapPixels(image: RawImage, compute: (pixel: Pixel) => Pixel): RawImage {
  const hasAlpha = image.channels % 2 === 0;
  const pixels = readPixels(image).map(compute);
  const data = pixels.flatMap(({ rgb, alpha }) => (hasAlpha ? [...rgb, alpha] : rgb));
  return { ...image, data: Uint8Array.from(data), channels: hasAlpha ? 4 : 3 };
}

export function readPixels({ data, width, height, channels }: RawImage): Pixel[] {
  return Array.from({ length: width * height }, (_, pixel) => {
    const [first = 0, second = 0, third = 0, fourth = 0] = data.subarray(
      pixel * channels,
      (pixel + 1) * channels,
    );
    if (channels === 1) return { rgb: [first, first, first], alpha: 255 };
    if (channels === 2) return { rgb: [first, first, first], alpha: second };
    return { rgb: [first, second, third], alpha: channels === 3 ? 255 : fourth };
  });
}
