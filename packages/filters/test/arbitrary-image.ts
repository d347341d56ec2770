import fc from "fast-check";
import type { RawImage } from "../src/raw-image.ts";

/** Pixels from a small seeded generator; a quarter of them at the extremes, where saturation goes wrong. */
export function randomImage(
  width: number,
  height: number,
  channels: RawImage["channels"],
  seed: number,
): RawImage {
  const data = new Uint8Array(width * height * channels);
  let state = seed | 1;
  for (let index = 0; index < data.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = state >>> 24;
    data[index] = (state & 0x60000) === 0 ? (value & 1) * 255 : value;
  }
  return { data, width, height, channels };
}

/** Images of odd sizes: one row, one column, and around the 16-byte vectors of the kernels. */
export const arbitraryImage: fc.Arbitrary<RawImage> = fc
  .record({
    width: fc.oneof(
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom(1, 15, 16, 17, 31, 32, 33, 47, 48, 49, 95),
    ),
    height: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(1, 2, 3, 33)),
    channels: fc.constantFrom(1, 2, 3, 4),
    seed: fc.integer(),
  })
  .map(({ width, height, channels, seed }) => randomImage(width, height, channels, seed));
