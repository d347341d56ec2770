import { InvalidOptionError } from "@imgq/core";
import type { RawImage } from "../raw-image.ts";
import type { Kernel, StencilKernel } from "./kernel.ts";
import { channelsAlong, type Pass, planPasses } from "./pass.ts";
import { type Area, copyIn, copyOut } from "./tile-copy.ts";
import { paddedWidth, runLength, tileMemory, tileShape } from "./tile-memory.ts";
import { nextTurn, SLICE_MS } from "./turns.ts";
import { type WasmKernels, wasmKernels } from "./wasm.ts";

export interface RunKernelsOptions {
  /** Stops between two slices with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The input's memory may be overwritten and become the result's, which saves the system handing out pages: half the
   * time of a point kernel on a large picture. @default false
   */
  readonly reuseInput?: boolean;
}

/**
 * Applies the kernels one after another, bit for bit as if each ran alone, in as few walks over the image as possible.
 * The input stays as it is unless `reuseInput`. The work goes on the caller's thread in slices of about 6 ms, one a turn of the event
 * loop; any number of images may be under way. Throws {@link InvalidOptionError} when `data` does not fit the size.
 */
export async function runKernels(
  image: RawImage,
  kernels: readonly Kernel[],
  { signal, reuseInput = false }: RunKernelsOptions = {},
): Promise<RawImage> {
  const { width, height, channels, data } = image;
  if (width < 1 || height < 1 || data.length !== width * height * channels) {
    const wanted = `hold width × height × channels = ${width * height * channels} bytes`;
    throw new InvalidOptionError("data", wanted, data.length, "Pass pixels without padding between rows.");
  }
  let current = image;
  for (const pass of planPasses(kernels)) {
    // What an earlier pass made is nobody else's.
    const reusable = reuseInput || current !== image;
    current = await runPass(current, pass, reusable, signal);
  }
  return current;
}

async function runPass(
  image: RawImage,
  pass: Pass,
  reusable: boolean,
  signal: AbortSignal | undefined,
): Promise<RawImage> {
  const wasm = wasmKernels();
  // Where place and neighbourhood do not matter the image is one long row, copied in long runs.
  const flat = pass.stencil === undefined && pass.after.length === 0;
  const width = flat ? image.width * image.height : image.width;
  const height = flat ? 1 : image.height;
  const along = channelsAlong(pass, image.channels);
  const channels = along.at(-1) ?? image.channels;
  const widest = Math.max(...along);
  const bytes = width * height * channels;
  // A neighbourhood still needs the input; a run that does not grow stays behind what is read. Every byte is written
  // below, so nothing of a new buffer's old content can show.
  const inPlace = reusable && flat && channels <= image.channels;
  const data = inPlace ? image.data.subarray(0, bytes) : Buffer.allocUnsafeSlow(bytes);
  const source = { ...image, width, height };
  const target = { data, width, height, channels };
  const shape = flat ? { width: runLength(widest), height: 1 } : tileShape(source, widest, reachOf(pass));

  await nextTurn();
  signal?.throwIfAborted();
  let sliceStart = performance.now();
  for (let y = 0; y < height; y += shape.height) {
    for (let x = 0; x < width; x += shape.width) {
      const columns = Math.min(shape.width, width - x);
      const rows = Math.min(shape.height, height - y);
      // Nothing awaits inside: the memory belongs to this tile alone.
      runTile(wasm, source, target, pass, { x, y, width: columns, height: rows });
      if (performance.now() - sliceStart < SLICE_MS) continue;
      await nextTurn();
      signal?.throwIfAborted();
      sliceStart = performance.now();
    }
  }
  return { data, width: image.width, height: image.height, channels };
}

function reachOf({ stencil }: Pass): StencilKernel["reach"] {
  return stencil?.reach ?? { x: 0, y: 0 };
}

function runTile(wasm: WasmKernels, source: RawImage, target: RawImage, pass: Pass, area: Area): void {
  const memory = new Uint8Array(wasm.memory.buffer);
  const reach = reachOf(pass);
  const rowPixels = paddedWidth(area.width, reach.x);
  copyIn(memory, source, area, reach, rowPixels);
  let { channels } = source;
  let at = tileMemory.source;
  for (const kernel of pass.before) {
    kernel.run(wasm, at, rowPixels * (area.height + 2 * reach.y), channels);
    channels = kernel.outputChannels(channels);
  }
  if (pass.stencil !== undefined) {
    const { width, height } = area;
    const tile = { source: tileMemory.source, target: tileMemory.target, width, height, rowPixels, channels };
    pass.stencil.run(wasm, tile);
    at = tileMemory.target;
  }
  for (const kernel of pass.after) {
    if (kernel.kind === "point") {
      kernel.run(wasm, at, rowPixels * area.height, channels);
      channels = kernel.outputChannels(channels);
      continue;
    }
    for (let row = 0; row < area.height; row++) {
      const placement = { x: area.x, y: area.y + row, image: source };
      kernel.run(wasm, at + row * rowPixels * channels, rowPixels, channels, placement);
    }
  }
  copyOut(memory, at, rowPixels, target, area);
}
