/**
 * Layout of the kernels' memory: fixed, because images pass through it in parts. Parameters and scratch room of the
 * kernel that runs (tables, taps, sums) | the rows or the run being worked on. Kernels may read 64 bytes past what they
 * are given.
 */
export const tileMemory: {
  readonly parameters: number;
  readonly parametersBytes: number;
  readonly rows: number;
  readonly rowsBytes: number;
} = {
  parameters: 1024,
  parametersBytes: 255 * 1024,
  rows: 256 * 1024,
  rowsBytes: 2048 * 1024,
};

/** What a run of pixels occupies: small enough to stay in a core's second-level cache. */
const RUN_BYTES = 160 * 1024;

/** Distance between rows of a strip with its border, in pixels; a multiple of 16, so that vectors never straddle rows. */
export function paddedWidth(width: number, reachX: number): number {
  return (width + 2 * reachX + 15) & ~15;
}

/** How many pixels of a long row of them are worked on at once. */
export function runLength(channels: number): number {
  return Math.floor(RUN_BYTES / channels) & ~15;
}
