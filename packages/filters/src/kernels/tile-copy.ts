import type { RawImage } from "../raw-image.ts";
import { tileMemory } from "./tile-memory.ts";

/** A rectangle of the image, in pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Copies the area and its border into the source tile; beyond the image the nearest pixel is repeated. */
export function copyIn(
  memory: Uint8Array,
  { data, width, height, channels }: RawImage,
  area: Area,
  reach: { readonly x: number; readonly y: number },
  rowPixels: number,
): void {
  const left = Math.max(0, area.x - reach.x);
  const right = Math.min(width, area.x + area.width + reach.x);
  const missingLeft = left - (area.x - reach.x);
  const missingRight = area.x + area.width + reach.x - right;
  for (let row = 0; row < area.height + 2 * reach.y; row++) {
    const y = Math.min(height - 1, Math.max(0, area.y - reach.y + row));
    const start = tileMemory.source + row * rowPixels * channels;
    const first = start + missingLeft * channels;
    const end = first + (right - left) * channels;
    memory.set(data.subarray((y * width + left) * channels, (y * width + right) * channels), first);
    for (let pixel = 0; pixel < missingLeft; pixel++) {
      memory.copyWithin(start + pixel * channels, first, first + channels);
    }
    for (let pixel = 0; pixel < missingRight; pixel++) {
      memory.copyWithin(end + pixel * channels, end - channels, end);
    }
  }
}

/** Copies the tile at `at`, without its padding, to its place in the image. */
export function copyOut(
  memory: Uint8Array,
  at: number,
  rowPixels: number,
  target: RawImage,
  area: Area,
): void {
  const { data, width, channels } = target;
  for (let row = 0; row < area.height; row++) {
    const start = at + row * rowPixels * channels;
    const pixels = memory.subarray(start, start + area.width * channels);
    data.set(pixels, ((area.y + row) * width + area.x) * channels);
  }
}
