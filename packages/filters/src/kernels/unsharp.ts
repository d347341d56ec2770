import type { RawImage } from "../raw-image.ts";
import { inSlices } from "./slices.ts";
import { tileMemory } from "./tile-memory.ts";
import { wasmKernels } from "./wasm.ts";

export interface UnsharpOptions {
  /** How much of the difference is added. */
  readonly amount: number;
  /** Levels by which samples must differ at least, 0 to 255. */
  readonly threshold: number;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of each of the two pictures that are worked on at once: both stay in a core's second-level cache. */
const RUN_BYTES = 96 * 1024;

/**
 * Adds to a picture its difference to a softened copy of the same layout: `value + (value − soft) × amount` in single
 * precision, halves rounded to even, where they differ by at least `threshold`; alpha is kept.
 */
export async function unsharp(
  image: RawImage,
  soft: RawImage,
  { amount, threshold, signal }: UnsharpOptions,
): Promise<RawImage> {
  const wasm = wasmKernels();
  const { length } = image.data;
  const data = Buffer.allocUnsafeSlow(length);
  const second = tileMemory.rows + RUN_BYTES + 128;
  await inSlices(Math.ceil(length / RUN_BYTES), signal, (run) => {
    const memory = new Uint8Array(wasm.memory.buffer);
    const from = run * RUN_BYTES;
    const end = Math.min(length, from + RUN_BYTES);
    memory.set(image.data.subarray(from, end), tileMemory.rows);
    memory.set(soft.data.subarray(from, end), second);
    wasm.unsharp(tileMemory.rows, second, end - from, image.channels, amount, Math.ceil(threshold));
    data.set(memory.subarray(tileMemory.rows, tileMemory.rows + end - from), from);
  });
  return { ...image, data };
}
