import { type FilterContext, InvalidFilterError, type RawImage, type Size } from "@imgq/filters";
import type { OutputInfo, Sharp } from "sharp";
import { LimitExceededError } from "./errors.ts";
import type { Pass, PlannedOperation } from "./plan.ts";
import { grey as toGrey } from "./raw-pixels.ts";
import { tone } from "./tone.ts";

/** What a pass needs to know besides its pixels. */
export interface PassSettings {
  readonly maxPixels: number;
  readonly signal: AbortSignal | undefined;
  readonly readImage: FilterContext["readImage"];
  /** Name of the step that an operation came from, for error messages. */
  readonly nameOf: (operation: PlannedOperation) => string;
}

/** The picture as it enters a chain of sharp. */
export interface ChainInput extends Size {
  readonly image: Sharp;
  readonly channels: RawImage["channels"];
}

/** Runs a chain natively, and turns libvips' errors into ours. */
export type FinishChain = (chain: Sharp) => Promise<{ data: Buffer; info: OutputInfo }>;

/** Appends the operations of a sharp pass to a chain. @throws {LimitExceededError} when a step would make too large a picture */
export async function extendChain(
  input: ChainInput,
  pass: Pass,
  settings: PassSettings,
): Promise<{ image: Sharp; grey: boolean }> {
  let { image } = input;
  let size: Size = { width: input.width, height: input.height };
  let grey = input.channels < 3;
  for (const planned of pass.operations) {
    const { operation } = planned;
    const name = settings.nameOf(planned);
    switch (operation.kind) {
      case "crop": {
        const region = operation.region(size);
        image = image.extract(region);
        size = region;
        break;
      }
      case "resize": {
        const target = operation.target(size);
        refuseTooLarge(target, name, settings);
        if (target.width !== size.width || target.height !== size.height) {
          image = image.resize({ ...target, fit: "fill", kernel: operation.kernel });
        }
        size = target;
        break;
      }
      case "orient":
        if (operation.flop) image = image.flop();
        if (operation.quarterTurns !== 0) image = image.rotate(operation.quarterTurns * 90);
        if (operation.quarterTurns % 2 === 1) size = { width: size.height, height: size.width };
        break;
      case "chain": {
        const after = typeof operation.size === "function" ? operation.size(size) : size;
        refuseTooLarge(after, name, settings);
        image = await operation.apply(image, contextOf(size, input.channels, settings));
        if (operation.colour === "grey") grey = true;
        if (operation.colour === "colour") grey = false;
        size = after;
        break;
      }
      default:
        throw new Error(`A ${operation.kind} operation cannot run in a chain of sharp; the plan is wrong.`);
    }
  }
  return { image, grey };
}

/** Ends a chain in raw pixels: one channel when it is grey. */
export async function chainToPixels(
  image: Sharp,
  grey: boolean,
  hasAlpha: boolean,
  finish: FinishChain,
): Promise<RawImage> {
  // Raw output of a grey chain keeps its first channel only, so with alpha it goes by way of RGB.
  const chain = grey && !hasAlpha ? image.toColourspace("b-w") : image;
  const { data, info } = await finish(chain.raw({ depth: "uchar" }));
  const pixels: RawImage = { data, width: info.width, height: info.height, channels: info.channels };
  return grey ? toGrey(pixels) : pixels;
}

/** Runs the kernels of a pixel pass, one after another. */
export async function runPixelPass(input: RawImage, pass: Pass, settings: PassSettings): Promise<RawImage> {
  let pixels = input;
  for (const planned of pass.operations) {
    settings.signal?.throwIfAborted();
    const { operation } = planned;
    if (operation.kind === "tone") pixels = tone(pixels, operation.table);
    else if (operation.kind === "pixels") {
      const name = settings.nameOf(planned);
      if (operation.size !== undefined) refuseTooLarge(operation.size(pixels), name, settings);
      pixels = await operation.apply(pixels, contextOf(pixels, pixels.channels, settings));
      refuseMalformed(pixels, name);
    } else throw new Error(`A ${operation.kind} operation cannot run on raw pixels; the plan is wrong.`);
  }
  return pixels;
}

function contextOf(size: Size, channels: RawImage["channels"], settings: PassSettings): FilterContext {
  const { width, height } = size;
  return { width, height, channels, signal: settings.signal, readImage: settings.readImage };
}

function refuseTooLarge({ width, height }: Size, name: string, { maxPixels }: PassSettings): void {
  if (width * height <= maxPixels) return;
  throw new LimitExceededError(
    `${name} would make ${width} × ${height} pixels, more than limits.maxOutputPixels (${maxPixels}). Ask for less, or raise it.`,
  );
}

function refuseMalformed({ data, width, height, channels }: RawImage, name: string): void {
  if (data.length === width * height * channels && data.length > 0) return;
  throw new InvalidFilterError(
    `${name} returned ${data.length} bytes for ${width} × ${height} pixels of ${channels} channels. Return width * height * channels bytes.`,
  );
}
