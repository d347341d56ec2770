import { inSlices } from "./kernels/slices.ts";
import type { RawImage } from "./raw-image.ts";

/** Where a layer goes: its top left corner, and the distance to its repetitions when it is repeated all over. */
export interface LayerPlace {
  readonly left: number;
  readonly top: number;
  readonly repeat?: { readonly across: number; readonly down: number } | undefined;
}

/**
 * Draws one picture over another in place; what lies outside is cut. Both have the same colours (grey or RGB); `layer`
 * has alpha, `ground` may have.
 */
export async function layOver(
  ground: RawImage,
  layer: RawImage,
  place: LayerPlace,
  signal: AbortSignal | undefined,
): Promise<void> {
  const columns = sourceIndices(ground.width, layer.width, place.left, place.repeat?.across);
  const rows = sourceIndices(ground.height, layer.height, place.top, place.repeat?.down);
  await inSlices(rows.length, signal, (index) => {
    const row = rows[index];
    if (row === undefined) return;
    for (const column of columns) {
      const from = (row.from * layer.width + column.from) * layer.channels;
      blend(ground, (row.to * ground.width + column.to) * ground.channels, layer, from);
    }
  });
}

/** Along one axis: which line of the layer each line of the ground gets; lines that get none are left out. */
function sourceIndices(
  ground: number,
  layer: number,
  start: number,
  repeat: number | undefined,
): readonly { readonly to: number; readonly from: number }[] {
  const lines: { to: number; from: number }[] = [];
  for (let to = 0; to < ground; to++) {
    const distance = to - start;
    const from = repeat === undefined ? distance : ((distance % repeat) + repeat) % repeat;
    if (from >= 0 && from < layer) lines.push({ to, from });
  }
  return lines;
}

/** Porter and Duff's "over" on straight alpha, rounded half up. */
function blend(ground: RawImage, to: number, layer: RawImage, from: number): void {
  const colors = layer.channels - 1;
  const alpha = (layer.data[from + colors] ?? 0) / 255;
  if (alpha === 0) return;
  const hasAlpha = ground.channels % 2 === 0;
  const groundAlpha = hasAlpha ? (ground.data[to + colors] ?? 0) / 255 : 1;
  const result = alpha + groundAlpha * (1 - alpha);
  for (let channel = 0; channel < colors; channel++) {
    const over = (layer.data[from + channel] ?? 0) * alpha;
    const under = (ground.data[to + channel] ?? 0) * groundAlpha * (1 - alpha);
    ground.data[to + channel] = Math.floor((over + under) / result + 0.5);
  }
  if (hasAlpha) ground.data[to + colors] = Math.floor(result * 255 + 0.5);
}
