import type { Channels } from "./kernel.ts";
import { channelsAlong, type Pass, reachOf } from "./pass.ts";
import { paddedWidth, tileMemory } from "./tile-memory.ts";

/** Up to here everything stays in a core's second-level cache, and more rows at once cost nothing. */
const CACHED_BYTES = 256 * 1024;
/** Up to here strips as wide as the image are worth a slower cache: they may be worked on in place. */
const WHOLE_WIDTH_BYTES = 1024 * 1024;
/** Kernels may read and write a little past a buffer's end. */
const GAP_BYTES = 128;
/** Scratch room that a kernel may need for each sample of a row. */
const SCRATCH_BYTES = 4;

/** The rows that one stencil reads, or those that leave the walk. */
export interface BufferLayout {
  /** Channels of its rows once they are finished. */
  readonly channels: Channels;
  /** Rows that its stencil reads above and below. */
  readonly reachY: number;
  /** Columns that this and all later stencils read to each side. */
  readonly marginX: number;
  readonly at: number;
}

/** How an image is cut into strips of columns that are walked down, some rows at a time. */
export interface StripLayout {
  /** Columns of a strip without its margins. */
  readonly columns: number;
  /** Rows that are taken in at once. */
  readonly rows: number;
  /** Pixels from one row to the next, in all buffers. */
  readonly rowPixels: number;
  /** One a stage, and one for the result. */
  readonly buffers: readonly BufferLayout[];
}

/** Chooses strips and rows so that everything fits the kernels' memory, and its caches as far as possible. */
export function layOutStrips(
  { width, height }: { readonly width: number; readonly height: number },
  channels: Channels,
  pass: Pass,
): StripLayout {
  const plans = planBuffers(channels, pass);
  const reach = reachOf(pass.stages.map(({ stencil }) => stencil));
  const place = (columns: number, rows: number): { layout: StripLayout; bytes: number } => {
    const rowPixels = paddedWidth(columns, reach.x);
    let at = tileMemory.rows;
    const buffers = plans.map(({ channels: own, widest, reachY, marginX, comeLate }) => {
      const buffer = { channels: own, reachY, marginX, at };
      // Rows that are kept for the next turn, those that come in, and the last one repeated below the image.
      at += rowPixels * (3 * reachY * own + (rows + comeLate) * widest) + GAP_BYTES;
      return buffer;
    });
    return { layout: { columns, rows, rowPixels, buffers }, bytes: at - tileMemory.rows };
  };
  const widest = Math.max(...plans.map((plan) => plan.widest));
  const fits = (columns: number, rows: number, limit: number): boolean =>
    place(columns, rows).bytes <= limit &&
    paddedWidth(columns, reach.x) * widest * SCRATCH_BYTES <= tileMemory.parametersBytes;

  // Rows that are kept are moved up each turn: taking in twice as many keeps that small.
  let rows = Math.max(8, 2 * reach.y);
  let columns = width;
  if (!fits(columns, rows, WHOLE_WIDTH_BYTES)) {
    // Margins are computed by both neighbours: they must not be most of a strip.
    columns = Math.min(width, Math.max(64, 2 * reach.x));
    while (columns * 2 <= width && fits(columns * 2, rows, 2 * CACHED_BYTES)) columns *= 2;
  }
  while (rows * 2 <= height && fits(columns, rows * 2, CACHED_BYTES)) rows *= 2;
  const { layout, bytes } = place(columns, rows);
  if (bytes > tileMemory.rowsBytes)
    throw new Error(`Kernels that need ${bytes} bytes do not fit their memory.`);
  return layout;
}

interface BufferPlan extends Omit<BufferLayout, "at"> {
  /** The most channels that its rows have while they are made. */
  readonly widest: Channels;
  /** Rows more than taken in at once: those that earlier stages held back until the image's end. */
  readonly comeLate: number;
}

function planBuffers(channels: Channels, { before, stages }: Pass): BufferPlan[] {
  let marginX = reachOf(stages.map(({ stencil }) => stencil)).x;
  let comeLate = 0;
  let along = channelsAlong(before, channels);
  const plans: BufferPlan[] = [];
  for (const { stencil, after } of stages) {
    const own = along.at(-1) ?? channels;
    plans.push({ channels: own, widest: maximum(along), reachY: stencil.reach.y, marginX, comeLate });
    marginX -= stencil.reach.x;
    comeLate += stencil.reach.y;
    along = channelsAlong(after, own);
  }
  plans.push({ channels: along.at(-1) ?? channels, widest: maximum(along), reachY: 0, marginX, comeLate });
  return plans;
}

function maximum(along: readonly [Channels, ...Channels[]]): Channels {
  return along.reduce((most, channels) => (channels > most ? channels : most));
}
