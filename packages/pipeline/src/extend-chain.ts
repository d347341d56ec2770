import {
  type FilterContext,
  InvalidParametersError,
  type OrientOperation,
  type RawImage,
  type Region,
  type Size,
} from "@imgq/filters";
import type { Sharp } from "sharp";
import { LimitExceededError } from "./errors.ts";
import { isFlip, orientedSize } from "./orientation.ts";
import type { Pass } from "./pass.ts";

/** What the operations of a pass need to know besides the picture. */
export interface PassSettings {
  readonly maxPixels: number;
  readonly signal: AbortSignal | undefined;
  readonly readImage: FilterContext["readImage"];
}

/** A picture as it enters a chain of sharp. */
export interface ChainInput extends Size {
  readonly image: Sharp;
  readonly channels: RawImage["channels"];
}

/** A chain with operations appended; what it will leave is known before it runs. */
export interface Chain {
  readonly image: Sharp;
  readonly grey: boolean;
  /** Undefined when only running it tells. */
  readonly size: Size | undefined;
}

/**
 * Appends the operations of a sharp pass to a chain.
 *
 * @throws {LimitExceededError} when a step would make too large a picture
 * @throws {InvalidParametersError} when a crop lies outside of the picture
 */
export async function extendChain(input: ChainInput, pass: Pass, settings: PassSettings): Promise<Chain> {
  let { image } = input;
  let size: Size = { width: input.width, height: input.height };
  let grey = input.channels < 3;
  let sizeIsKnown = true;
  for (const { operation, name } of pass.operations) {
    switch (operation.kind) {
      case "crop": {
        const region = operation.region(size);
        refuseOutside(region, size, name);
        image = image.extract(region);
        size = region;
        break;
      }
      case "resize": {
        size = operation.target(size);
        refuseTooLarge(size, name, settings);
        // Also when the size is right already: sharp decides by this call where it crops.
        image = image.resize({
          width: size.width,
          height: size.height,
          fit: "fill",
          kernel: operation.kernel,
        });
        break;
      }
      case "orient":
        image = orient(image, operation);
        size = orientedSize(operation, size);
        break;
      case "chain": {
        const after = typeof operation.size === "function" ? operation.size(size) : size;
        refuseTooLarge(after, name, settings);
        image = await operation.apply(image, contextOf(size, grey ? 1 : input.channels, settings));
        if (operation.colour === "grey") grey = true;
        if (operation.colour === "colour") grey = false;
        size = after;
        if (operation.size === "unknown") sizeIsKnown = false;
        break;
      }
      default:
        throw new Error(`A ${operation.kind} operation cannot run in a chain of sharp; the plan is wrong.`);
    }
  }
  return { image, grey, size: sizeIsKnown ? size : undefined };
}

function orient(image: Sharp, operation: OrientOperation): Sharp {
  // One walk over the rows, where a mirroring and a half turn are two.
  if (isFlip(operation)) return image.flip();
  const mirrored = operation.flop ? image.flop() : image;
  return operation.quarterTurns === 0 ? mirrored : mirrored.rotate(operation.quarterTurns * 90);
}

export function contextOf(size: Size, channels: RawImage["channels"], settings: PassSettings): FilterContext {
  const { signal, readImage } = settings;
  return { width: size.width, height: size.height, channels, signal, reuseInput: false, readImage };
}

/** @throws {LimitExceededError} */
export function refuseTooLarge({ width, height }: Size, name: string, { maxPixels }: PassSettings): void {
  if (width * height <= maxPixels) return;
  throw new LimitExceededError(
    `${name} would make ${width} × ${height} pixels, more than limits.maxOutputPixels (${maxPixels}). Ask for less, or raise it.`,
  );
}

function refuseOutside(region: Region, { width, height }: Size, name: string): void {
  const { left, top } = region;
  const inside =
    left >= 0 &&
    top >= 0 &&
    region.width > 0 &&
    region.height > 0 &&
    left + region.width <= width &&
    top + region.height <= height;
  if (inside) return;
  const requirement = `must leave a region inside the picture of ${width} × ${height} pixels`;
  throw new InvalidParametersError(
    name,
    [{ parameter: "", requirement, received: region }],
    "Give a smaller one.",
  );
}
