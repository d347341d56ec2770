import { inSlices } from "./kernels/slices.ts";
import type { RawImage } from "./raw-image.ts";

/** How the picture is divided, and how steep a tone curve may get. */
export interface ClaheOptions {
  /** Tiles across and down; fewer on pictures with fewer pixels. */
  readonly tiles: number;
  /** Levels that one level may be stretched to; 0 for any. */
  readonly limit: number;
}

/**
 * Contrast-limited adaptive histogram equalisation (Zuiderveld 1994) of a grey picture of one channel: each tile's
 * histogram gives a tone curve, and each pixel takes the mix of the curves of the four nearest tiles.
 */
export async function clahe(
  grey: RawImage,
  { tiles, limit }: ClaheOptions,
  signal: AbortSignal | undefined,
): Promise<RawImage> {
  const { width, height } = grey;
  const across = Math.min(tiles, width);
  const down = Math.min(tiles, height);
  const histograms = Array.from({ length: across * down }, () => new Float32Array(256));
  const tileOfColumn = Uint16Array.from({ length: width }, (_, x) => Math.floor((x * across) / width));
  await inSlices(height, signal, (y) => {
    const firstOfRow = Math.floor((y * down) / height) * across;
    for (let x = 0; x < width; x++) {
      const histogram = histograms[firstOfRow + (tileOfColumn[x] ?? 0)];
      const level = grey.data[y * width + x] ?? 0;
      if (histogram !== undefined) histogram[level] = (histogram[level] ?? 0) + 1;
    }
  });
  const curves = histograms.map((histogram) => curveOf(histogram, limit));
  const columns = Array.from({ length: width }, (_, x) => neighbours(x, width, across));
  const data = Buffer.allocUnsafeSlow(width * height);
  await inSlices(height, signal, (y) => {
    const row = neighbours(y, height, down);
    for (let x = 0; x < width; x++) {
      const column = columns[x];
      if (column === undefined) return;
      const at = y * width + x;
      const level = grey.data[at] ?? 0;
      const level00 = curves[row.first * across + column.first]?.[level] ?? 0;
      const level01 = curves[row.first * across + column.second]?.[level] ?? 0;
      const level10 = curves[row.second * across + column.first]?.[level] ?? 0;
      const level11 = curves[row.second * across + column.second]?.[level] ?? 0;
      const above = level00 + (level01 - level00) * column.share;
      const below = level10 + (level11 - level10) * column.share;
      data[at] = Math.floor(above + (below - above) * row.share + 0.5);
    }
  });
  return { ...grey, data };
}

/** New levels for a tile's old ones, from its histogram. */
function curveOf(histogram: Float32Array, limit: number): Float32Array {
  const pixels = histogram.reduce((sum, count) => sum + count, 0);
  if (limit > 0) clip(histogram, (limit * pixels) / 255);
  return cumulative(histogram, 255 / pixels);
}

/** Cuts peaks and gives what was cut to all levels alike, which lifts them a little above the limit again. */
function clip(histogram: Float32Array, most: number): void {
  let excess = 0;
  for (const [level, count] of histogram.entries()) {
    excess += Math.max(0, count - most);
    histogram[level] = Math.min(count, most);
  }
  for (const [level, count] of histogram.entries()) histogram[level] = count + excess / 256;
}

function cumulative(histogram: Float32Array, scale: number): Float32Array {
  let sum = 0;
  return histogram.map((count) => {
    // The middle of the step: a flat tile keeps to the middle instead of going white.
    const middle = (sum + count / 2) * scale;
    sum += count;
    return Math.min(255, middle);
  });
}

/** The two tiles whose middles are nearest on one axis, and the share of the second. */
function neighbours(
  place: number,
  size: number,
  tiles: number,
): { readonly first: number; readonly second: number; readonly share: number } {
  const position = ((place + 0.5) * tiles) / size - 0.5;
  const first = Math.min(tiles - 1, Math.max(0, Math.floor(position)));
  const second = Math.min(tiles - 1, Math.max(0, Math.floor(position) + 1));
  return { first, second, share: position - Math.floor(position) };
}
