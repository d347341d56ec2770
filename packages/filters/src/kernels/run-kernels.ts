import { InvalidOptionError } from "@imgq/core";
import type { RawImage } from "../raw-image.ts";
import type { Kernel } from "./kernel.ts";
import { channelsAfter, type Pass, planPasses } from "./pass.ts";
import { RunWalk } from "./run-walk.ts";
import { layOutStrips, type StripLayout } from "./strip-layout.ts";
import { StripWalk } from "./strip-walk.ts";
import { nextTurn, SLICE_MS } from "./turns.ts";
import type { Walk } from "./walk.ts";

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
  const { width, height } = image;
  const layout = isFlat(pass) ? undefined : layOutStrips(image, image.channels, pass);
  const channels = channelsAfter(pass, image.channels);
  const bytes = width * height * channels;
  // What is written stays behind what is still to be read, unless pixels grow or a neighbouring strip reads them too.
  const inPlace =
    reusable && channels <= image.channels && (layout === undefined || layout.columns === width);
  // Every byte is written below, so nothing of a new buffer's old content can show.
  const data = inPlace ? image.data.subarray(0, bytes) : Buffer.allocUnsafeSlow(bytes);
  const target: RawImage = { data, width, height, channels };

  await nextTurn();
  signal?.throwIfAborted();
  let sliceStart = performance.now();
  for (const walk of walksOver(image, target, pass, layout)) {
    while (!walk.done) {
      walk.step();
      if (performance.now() - sliceStart < SLICE_MS) continue;
      walk.leaveMemory();
      await nextTurn();
      signal?.throwIfAborted();
      walk.returnToMemory();
      sliceStart = performance.now();
    }
  }
  return target;
}

/** Where place and neighbourhood do not matter the image is one long row, copied in long runs. */
function isFlat({ before, stages }: Pass): boolean {
  return stages.length === 0 && before.every(({ kind }) => kind === "point");
}

function* walksOver(
  source: RawImage,
  target: RawImage,
  pass: Pass,
  layout: StripLayout | undefined,
): Generator<Walk> {
  if (layout === undefined) {
    yield new RunWalk(pass, source, target);
    return;
  }
  for (let left = 0; left < source.width; left += layout.columns) {
    yield new StripWalk(pass, source, target, layout, left);
  }
}
