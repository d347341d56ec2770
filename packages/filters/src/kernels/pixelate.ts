import type { Region } from "../operation.ts";
import type { RawImage } from "../raw-image.ts";
import { inSlices } from "./slices.ts";
import { tileMemory } from "./tile-memory.ts";
import { wasmKernels } from "./wasm.ts";

export interface PixelateOptions {
  /** Side of a block, in pixels, 1 to 1,000. */
  readonly size: number;
  readonly signal: AbortSignal | undefined;
  /** Whether the input's memory may become the result's. */
  readonly reuseInput: boolean;
}

/** Samples whose sums, of 4 bytes each, fit beside each other; at least one block of any size. */
const STRIP_SAMPLES = 60_000;
/** Bytes of blocks in one slice of work: some milliseconds. */
const SLICE_BYTES = 4 * 1024 * 1024;
/** Bytes that are added up at once: they stay in a core's second-level cache. */
const RUN_BYTES = 128 * 1024;
/** The sums of more rows do not fit 16 bits. */
const MOST_ROWS = 256;

/** Fills blocks, counted from the top left, with their mean, colours weighted by alpha; rounded half up. */
export async function pixelate(
  image: RawImage,
  { size, signal, reuseInput }: PixelateOptions,
): Promise<RawImage> {
  const { width, height, channels } = image;
  // A block's mean is known before it is filled, and no other block reads it.
  const data = reuseInput ? image.data : Buffer.allocUnsafeSlow(image.data.length);
  const blocks = Math.max(1, Math.floor(Math.min(STRIP_SAMPLES, SLICE_BYTES / size) / (size * channels)));
  const columns = blocks * size;
  const strips = Math.ceil(width / columns);
  await inSlices(strips * Math.ceil(height / size), signal, (index) => {
    const left = (index % strips) * columns;
    const top = Math.floor(index / strips) * size;
    const right = Math.min(width, left + columns);
    const below = Math.min(height, top + size);
    pixelateBlocks(image, data, size, { left, top, width: right - left, height: below - top });
  });
  return { ...image, data };
}

/** A row of whole blocks, or what the image has of them. */
function pixelateBlocks(
  { data: source, width: across, channels }: RawImage,
  target: Uint8Array,
  size: number,
  { left, top, width, height }: Region,
): void {
  const wasm = wasmKernels();
  const memory = new Uint8Array(wasm.memory.buffer);
  const { rows: at, parameters: sums } = tileMemory;
  const samples = width * channels;
  const from = (y: number): number => ((top + y) * across + left) * channels;
  // Sums are added in steps of 16 samples.
  memory.fill(0, sums, sums + (samples + 16) * 4);
  const rowsAtOnce = Math.min(MOST_ROWS, Math.max(1, Math.floor(RUN_BYTES / samples)));
  for (let y = 0; y < height; y += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, height - y);
    for (let row = 0; row < rows; row++) {
      const start = from(y + row);
      memory.set(source.subarray(start, start + samples), at + row * samples);
    }
    if (channels % 2 === 1) wasm.addRows(at, rows, samples, samples, sums);
    else wasm.addRowsAlpha(at, rows, samples, samples, channels, sums);
  }
  wasm.fillBlocks(at, width, channels, size, height, sums);
  const filled = memory.subarray(at, at + samples);
  for (let y = 0; y < height; y++) target.set(filled, from(y));
}
