/**
 * Layout of the kernels' memory: fixed, because images pass through it in tiles. Parameters of the kernel that runs
 * (tables, taps) | the tile being read | the tile being written. Kernels may read 64 bytes past a tile's end.
 */
export const tileMemory: {
  readonly parameters: number;
  readonly parametersBytes: number;
  readonly source: number;
  readonly sourceBytes: number;
  readonly target: number;
} = {
  parameters: 1024,
  parametersBytes: 63 * 1024,
  source: 64 * 1024,
  sourceBytes: 1024 * 1024 - 64,
  target: 64 * 1024 + 1024 * 1024,
};

/** What a tile occupies when nothing forces more: small enough that both tiles stay in a core's second-level cache. */
const TILE_BYTES = 160 * 1024;

/** Size of a tile without its border, in pixels. */
export interface TileShape {
  readonly width: number;
  readonly height: number;
}

/** Distance between rows of a tile with border, in pixels; a multiple of 16, so that vectors never straddle rows. */
export function paddedWidth(width: number, reachX: number): number {
  return (width + 2 * reachX + 15) & ~15;
}

/** How many pixels of a long row of them fit a tile. */
export function runLength(channels: number): number {
  return Math.floor(TILE_BYTES / channels) & ~15;
}

/** The tile shape for an image of `width` × `height` whose kernel reads `reach` pixels around. */
export function tileShape(
  image: TileShape,
  channels: number,
  reach: { readonly x: number; readonly y: number },
): TileShape {
  const border = 2 * Math.max(reach.x, reach.y);
  // A wide border is read again by each tile: larger tiles keep that share below a half.
  const bytes = Math.min(tileMemory.sourceBytes, Math.max(TILE_BYTES, (3 * border) ** 2 * channels));
  const pixels = bytes / channels;
  // Long rows copy faster; tall tiles read less border again.
  const longest = Math.floor(Math.sqrt(pixels)) * (border <= 4 ? 4 : 1);
  const width = Math.min(image.width, (longest & ~15) - 2 * reach.x);
  const rows = Math.floor(pixels / paddedWidth(width, reach.x)) - 2 * reach.y;
  return { width, height: Math.min(image.height, rows) };
}
