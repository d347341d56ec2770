import type { RawImage } from "../raw-image.ts";
import { luma } from "./luma.ts";
import { mapSamples, readPixels } from "./samples.ts";

/**
 * Zuiderveld's equalisation from its definition, pixel by pixel: the mix of the tone curves of the four tiles whose
 * middles are nearest, in shares of whole 256ths; what it changes in luma is added to every colour.
 */
export function referenceEqualize(image: RawImage, tiles: number, limit: number): RawImage {
  const { width, height } = image;
  const levels = readPixels(luma(image)).map(({ rgb }) => rgb[0]);
  const [across, down] = [Math.min(tiles, width), Math.min(tiles, height)];
  const tile = (column: number, row: number): number[] =>
    levels.filter((_, pixel) => {
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      return Math.floor((x * across) / width) === column && Math.floor((y * down) / height) === row;
    });
  const curves = Array.from({ length: down }, (_row, row) =>
    Array.from({ length: across }, (_column, column) => curveOf(tile(column, row), limit)),
  );
  return mapSamples(image, (value, { x, y }) => {
    const level = levels[y * width + x] ?? 0;
    let sum = 0;
    for (const above of nearest(y, height, down)) {
      for (const left of nearest(x, width, across)) {
        sum += (curves[above.tile]?.[left.tile]?.[level] ?? 0) * above.share * left.share;
      }
    }
    // Curves are in 64ths of a level.
    const after = Math.floor(sum / (64 * 256 * 256) + 0.5);
    return Math.min(255, Math.max(0, value + after - level));
  });
}

/** New levels in 64ths; counts in single precision. */
function curveOf(levels: readonly number[], limit: number): number[] {
  const counts = Array.from({ length: 256 }, (_, level) => levels.filter((one) => one === level).length);
  const most = limit === 0 ? Infinity : (limit * levels.length) / 255;
  const excess = counts.reduce((sum, count) => sum + Math.max(0, count - most), 0);
  const clipped = counts.map((count) => Math.fround(Math.fround(Math.min(count, most)) + excess / 256));
  return clipped.map((count, level) => {
    const below = clipped.slice(0, level).reduce((sum, one) => sum + one, 0);
    const middle = Math.min(255, (below + count / 2) * (255 / levels.length));
    return Math.round(Math.fround(middle) * 64);
  });
}

/** The two tiles whose middles are nearest on one axis, with shares in 256ths; at the border twice the same. */
function nearest(place: number, size: number, tiles: number): { tile: number; share: number }[] {
  const position = ((place + 0.5) * tiles) / size - 0.5;
  const second = Math.round((position - Math.floor(position)) * 256);
  const inside = (tile: number): number => Math.min(tiles - 1, Math.max(0, tile));
  return [
    { tile: inside(Math.floor(position)), share: 256 - second },
    { tile: inside(Math.floor(position) + 1), share: second },
  ];
}
