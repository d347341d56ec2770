import { InvalidOptionError } from "@imgq/core";
import type { RawImage } from "../raw-image.ts";
import type { Channels, Kernel, PointKernel, StencilKernel } from "./kernel.ts";
import { type Area, copyIn, copyOut } from "./tile-copy.ts";
import { paddedWidth, runLength, tileMemory, tileShape } from "./tile-memory.ts";
import { nextTurn, SLICE_MS } from "./turns.ts";
import { type WasmKernels, wasmKernels } from "./wasm.ts";

export interface RunKernelsOptions {
  /** Stops between two slices with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What one walk over the image does: point kernels before and after at most one stencil. */
interface Pass {
  readonly before: readonly PointKernel[];
  readonly stencil: StencilKernel | undefined;
  readonly after: readonly PointKernel[];
}

/**
 * Applies the kernels one after another, bit for bit as if each ran alone, in as few walks over the image as possible.
 * The input stays as it is. The work goes on the caller's thread in slices of about 6 ms, one a turn of the event
 * loop; any number of images may be under way. Throws {@link InvalidOptionError} when `data` does not fit the size.
 */
export async function runKernels(
  image: RawImage,
  kernels: readonly Kernel[],
  { signal }: RunKernelsOptions = {},
): Promise<RawImage> {
  const { width, height, channels, data } = image;
  if (width < 1 || height < 1 || data.length !== width * height * channels) {
    const wanted = `hold width × height × channels = ${width * height * channels} bytes`;
    throw new InvalidOptionError("data", wanted, data.length, "Pass pixels without padding between rows.");
  }
  let current = image;
  for (const pass of planPasses(kernels)) current = await runPass(current, pass, signal);
  return current;
}

function planPasses(kernels: readonly Kernel[]): Pass[] {
  const passes: Pass[] = [];
  let before: PointKernel[] = [];
  let after: PointKernel[] = [];
  let stencil: StencilKernel | undefined;
  for (const kernel of kernels) {
    if (kernel.kind === "point") {
      (stencil === undefined ? before : after).push(kernel);
      continue;
    }
    // A second neighbourhood needs the finished result of the first, also beyond the tile.
    if (stencil !== undefined) {
      passes.push({ before, stencil, after });
      before = [];
      after = [];
    }
    stencil = kernel;
  }
  if (stencil !== undefined || before.length > 0) passes.push({ before, stencil, after });
  return passes;
}

async function runPass(image: RawImage, pass: Pass, signal: AbortSignal | undefined): Promise<RawImage> {
  const wasm = wasmKernels();
  // Without a neighbourhood the image is one long row, copied in long runs.
  const flat = pass.stencil === undefined;
  const width = flat ? image.width * image.height : image.width;
  const height = flat ? 1 : image.height;
  const reach = pass.stencil?.reach ?? { x: 0, y: 0 };
  const channels = outputChannels(pass.after, outputChannels(pass.before, image.channels));
  const source = { ...image, width, height };
  // Every byte is written below, so nothing of the pool's old content can show.
  const data = Buffer.allocUnsafeSlow(width * height * channels);
  const target = { data, width, height, channels };
  const shape = flat
    ? { width: runLength(image.channels), height: 1 }
    : tileShape(source, image.channels, reach);

  await nextTurn();
  signal?.throwIfAborted();
  let sliceStart = performance.now();
  for (let y = 0; y < height; y += shape.height) {
    for (let x = 0; x < width; x += shape.width) {
      // From here to the end of runTile nothing awaits: the memory belongs to this tile alone.
      const area = {
        x,
        y,
        width: Math.min(shape.width, width - x),
        height: Math.min(shape.height, height - y),
      };
      runTile(wasm, source, target, pass, area);
      if (performance.now() - sliceStart < SLICE_MS) continue;
      await nextTurn();
      signal?.throwIfAborted();
      sliceStart = performance.now();
    }
  }
  return { data, width: image.width, height: image.height, channels };
}

function outputChannels(kernels: readonly PointKernel[], channels: Channels): Channels {
  return kernels.reduce((current, kernel) => kernel.outputChannels(current), channels);
}

function runTile(wasm: WasmKernels, source: RawImage, target: RawImage, pass: Pass, area: Area): void {
  const memory = new Uint8Array(wasm.memory.buffer);
  const reach = pass.stencil?.reach ?? { x: 0, y: 0 };
  const rowPixels = paddedWidth(area.width, reach.x);
  copyIn(memory, source, area, reach, rowPixels);
  const read = rowPixels * (area.height + 2 * reach.y);
  let channels = runPoints(wasm, pass.before, tileMemory.source, read, source.channels);
  let result = tileMemory.source;
  if (pass.stencil !== undefined) {
    const { width, height } = area;
    result = tileMemory.target;
    pass.stencil.run(wasm, { source: tileMemory.source, target: result, width, height, rowPixels, channels });
    channels = runPoints(wasm, pass.after, result, rowPixels * height, channels);
  }
  copyOut(memory, result, rowPixels, target, area);
}

function runPoints(
  wasm: WasmKernels,
  kernels: readonly PointKernel[],
  at: number,
  pixels: number,
  channels: Channels,
): Channels {
  let current = channels;
  for (const kernel of kernels) {
    kernel.run(wasm, at, pixels, current);
    current = kernel.outputChannels(current);
  }
  return current;
}
