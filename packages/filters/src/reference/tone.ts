import type { RawImage } from "../raw-image.ts";

/** Maps every colour sample by a table of 256 entries; alpha is kept. */
export function tone(pixels: RawImage, table: Uint8Array): RawImage {
  const { data, channels } = pixels;
  const mapped = new Uint8Array(data.length);
  const hasAlpha = channels === 2 || channels === 4;
  for (let index = 0; index < data.length; index++) {
    const sample = data[index] ?? 0;
    const isAlpha = hasAlpha && index % channels === channels - 1;
    mapped[index] = isAlpha ? sample : (table[sample] ?? 0);
  }
  return { ...pixels, data: mapped };
}
