import type { Operation, PossibleChannels, RawImage, Size } from "@imgq/filters";
import { channelsOfPixels } from "./channels-after.ts";

/** An operation, and the steps it came from. */
export interface PlannedOperation {
  readonly operation: Operation;
  /** The filters' names, for people. */
  readonly name: string;
  /** Equal for operations of equal steps. */
  readonly key: string;
}

/** One go over the pixels: by a chain of sharp, or by kernels on raw pixels. */
export interface Pass {
  readonly kind: "sharp" | "pixels";
  readonly operations: readonly PlannedOperation[];
  /** Why its first operation is not part of the pass before. */
  readonly because: string | undefined;
}

/** What a plan depends on besides the steps. */
export interface PictureFacts extends PossibleChannels {
  /** 8-bit sRGB or grey. */
  readonly plain: boolean;
  /** An EXIF orientation other than upright. */
  readonly oriented: boolean;
  /** Of the file: `jpeg` and `webp` can be decoded small. */
  readonly format?: string;
  /** As a person sees it, when it is known before the plan is run. */
  readonly size?: Size;
}

export function factsOfPixels(pixels: RawImage): PictureFacts {
  return { ...channelsOfPixels(pixels), plain: true, oriented: false };
}
