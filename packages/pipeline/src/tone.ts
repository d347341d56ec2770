import type { RawImage } from "@imgq/filters";
import { hasAlpha } from "./raw-pixels.ts";

/** Maps every colour sample by a table of 256 entries; alpha is kept. */
export function tone(pixels: RawImage, table: Uint8Array): RawImage {
  const { data, channels } = pixels;
  const mapped = new Uint8Array(data.length);
  const step = hasAlpha(channels) ? channels : 1;
  for (let index = 0; index < data.length; index++) mapped[index] = table[data[index] ?? 0] ?? 0;
  if (step > 1)
    for (let index = step - 1; index < data.length; index += step) mapped[index] = data[index] ?? 0;
  return { ...pixels, data: mapped };
}
