import { inSlices } from "./kernels/slices.ts";
import type { RawImage } from "./raw-image.ts";

/** How the picture is divided, and how steep a tone curve may get. */
export interface ClaheOptions {
  /** Tiles across and down; fewer on pictures with fewer pixels. */
  readonly tiles: number;
  /** Levels that one level may be stretched to; 0 for any. */
  readonly limit: number;
}

/** Shares of the second of two tiles are whole 256ths, and levels of curves whole 64ths. */
const SHARES = 256;
const LEVEL_PARTS = 64;

/**
 * Contrast-limited adaptive histogram equalisation (Zuiderveld 1994) of a grey picture of one channel: each tile's
 * histogram gives a tone curve, and each pixel takes the mix of the curves of the four nearest tiles.
 */
export async function clahe(
  grey: RawImage,
  { tiles, limit }: ClaheOptions,
  signal: AbortSignal | undefined,
): Promise<RawImage> {
  const { data: levels, width, height } = grey;
  const across = Math.min(tiles, width);
  const down = Math.min(tiles, height);
  const histograms = Array.from({ length: across * down }, () => new Uint32Array(256));
  await inSlices(height, signal, (y) => {
    const row = Math.floor((y * down) / height);
    for (let column = 0; column < across; column++) {
      const begin = y * width + Math.ceil((column * width) / across);
      const end = y * width + Math.ceil(((column + 1) * width) / across);
      count(histograms[row * across + column], levels, begin, end);
    }
  });
  const curves = histograms.map((histogram) => curveOf(Float32Array.from(histogram), limit));
  const columns = Array.from({ length: width }, (_, x) => neighbours(x, width, across));
  const firsts = Int32Array.from(columns, ({ first }) => first * 256);
  const seconds = Int32Array.from(columns, ({ second }) => second * 256);
  const shares = Int32Array.from(columns, ({ share }) => Math.round(share * SHARES));
  const data = Buffer.allocUnsafeSlow(width * height);
  const rowCurves = new Int32Array(across * 256);
  await inSlices(height, signal, (y) => {
    mixCurves(rowCurves, curves, across, neighbours(y, height, down));
    mapRow({ levels, data, at: y * width }, rowCurves, { firsts, seconds, shares });
  });
  return { ...grey, data };
}

function count(histogram: Uint32Array | undefined, levels: Uint8Array, begin: number, end: number): void {
  if (histogram === undefined) return;
  for (let at = begin; at < end; at++) {
    const level = levels[at] ?? 0;
    histogram[level] = (histogram[level] ?? 0) + 1;
  }
}

/** The curves of a row of pixels, one for each tile across, of those of the tiles above and below. */
function mixCurves(
  rowCurves: Int32Array,
  curves: readonly Int32Array[],
  across: number,
  { first, second, share }: Neighbours,
): void {
  const ofSecond = Math.round(share * SHARES);
  for (let column = 0; column < across; column++) {
    const above = curves[first * across + column];
    const below = curves[second * across + column];
    if (above === undefined || below === undefined) return;
    for (let level = 0; level < 256; level++) {
      const upper = above[level] ?? 0;
      rowCurves[column * 256 + level] = upper * SHARES + ((below[level] ?? 0) - upper) * ofSecond;
    }
  }
}

function mapRow(
  { levels, data, at }: { readonly levels: Uint8Array; readonly data: Uint8Array; readonly at: number },
  rowCurves: Int32Array,
  { firsts, seconds, shares }: Readonly<Record<"firsts" | "seconds" | "shares", Int32Array>>,
): void {
  for (let x = 0; x < firsts.length; x++) {
    const level = levels[at + x] ?? 0;
    const one = rowCurves[(firsts[x] ?? 0) + level] ?? 0;
    const other = rowCurves[(seconds[x] ?? 0) + level] ?? 0;
    // Rounded half up: 2^22 parts make a level.
    data[at + x] = (one * SHARES + (other - one) * (shares[x] ?? 0) + 2 ** 21) >> 22;
  }
}
/** New levels for a tile's old ones, from its histogram. */
function curveOf(histogram: Float32Array, limit: number): Int32Array {
  const pixels = histogram.reduce((sum, amount) => sum + amount, 0);
  if (limit > 0) clip(histogram, (limit * pixels) / 255);
  return Int32Array.from(cumulative(histogram, 255 / pixels), (level) => Math.round(level * LEVEL_PARTS));
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

interface Neighbours {
  readonly first: number;
  readonly second: number;
  /** Of the second, 0 to 1. */
  readonly share: number;
}

/** The two tiles whose middles are nearest on one axis. */
function neighbours(place: number, size: number, tiles: number): Neighbours {
  const position = ((place + 0.5) * tiles) / size - 0.5;
  const first = Math.min(tiles - 1, Math.max(0, Math.floor(position)));
  const second = Math.min(tiles - 1, Math.max(0, Math.floor(position) + 1));
  return { first, second, share: position - Math.floor(position) };
}
