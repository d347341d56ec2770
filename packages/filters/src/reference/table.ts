import type { RawImage } from "../raw-image.ts";
import { mapSamples } from "./samples.ts";

/** Each colour value replaced by its entry in the channel's table, or in the only one. */
export function referenceTable(image: RawImage, tables: readonly Uint8Array[]): RawImage {
  return mapSamples(image, (value, { channel }) => (tables[channel] ?? tables[0])?.[value] ?? 0);
}
