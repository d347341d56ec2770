import type { Sharp } from "sharp";
import type { Kernel } from "./kernels/kernel.ts";
import type { RawImage } from "./raw-image.ts";
import type { SharpSlot } from "./sharp-slots.ts";

/** Width and height in pixels, as a person sees the picture (EXIF orientation applied). */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of whole pixels inside a picture. */
export interface Region extends Size {
  readonly left: number;
  readonly top: number;
}

/** What a filter can learn while it is applied: the picture as it reaches this step, and the task's other files. */
export interface FilterContext extends Size {
  readonly channels: 1 | 2 | 3 | 4;
  readonly signal: AbortSignal | undefined;
  /** Whether raw pixels may be overwritten and their memory returned: then nobody else has them. */
  readonly reuseInput: boolean;
  /** Decodes another picture, by a path inside the pipeline's `inputRoot` and within its limits (a watermark). */
  readImage(path: string): Promise<RawImage>;
}

/** Does nothing, so that it costs nothing: a rotation by 0, a brightness of 1. */
export interface NoOperation {
  readonly kind: "nothing";
}

/** What is known of a picture's channels before it is decoded. */
export interface PossibleChannels {
  /** Whether it may have transparency. */
  readonly alpha: boolean;
  /** Whether it may have one channel for all colours. */
  readonly grey: boolean;
}

/**
 * Operations of sharp that give the same bits as the filter does on raw pixels, in one chain with what stands beside them: while
 * that needs no raw pixels either, there is no pass over them.
 */
export interface SharpForm {
  /** The places of sharp's fixed order that it uses. */
  readonly slots: readonly [SharpSlot, ...SharpSlot[]];
  /** The pictures of which that is true. @default all */
  readonly only?: (picture: PossibleChannels) => boolean;
  /** Whether it may give an opaque picture transparency. @default false */
  readonly addsAlpha?: boolean;
  readonly apply: (image: Sharp, context: FilterContext) => Sharp | Promise<Sharp>;
}

/** The same table for every colour sample, alpha untouched. Consecutive ones are composed into one, exactly. */
export interface ToneOperation {
  readonly kind: "tone";
  /** 256 entries: the new value of each old one. */
  readonly table: Uint8Array;
  /** Set when the table is `sample × multiply + add` in single precision, halves rounded to even, clamped. */
  readonly line?: { readonly multiply: number; readonly add: number };
  readonly sharp?: SharpForm;
}

/** Computes on raw pixels. Takes and returns any of the channel layouts of {@link RawImage}. */
export interface PixelOperation {
  readonly kind: "pixels";
  /** Doing it twice is doing it once (grayscale). @default false */
  readonly idempotent?: boolean;
  /** The size it makes of a picture, when it changes it. */
  readonly size?: (size: Size) => Size;
  /** The kernels that `apply` runs, if it does nothing else: neighbours' kernels and tones can join them in one walk. */
  readonly kernels?: readonly Kernel[];
  readonly sharp?: SharpForm;
  readonly apply: (pixels: RawImage, context: FilterContext) => RawImage | Promise<RawImage>;
}

/** Calls methods of sharp. */
export interface ChainOperation {
  readonly kind: "chain";
  /** The places of sharp's fixed order that it uses. Empty: unknown, so it never shares a pass with others. */
  readonly slots: readonly SharpSlot[];
  /** What it does to the channels. @default "same" */
  readonly colour?: "same" | "grey" | "colour";
  /** Whether it may give an opaque picture transparency. @default false */
  readonly addsAlpha?: boolean;
  /** Whether its result in sharp is not yet rounded and clamped to 8 bits, so that nothing may follow in its pass. @default false */
  readonly unclamped?: boolean;
  /** The size it makes of a picture, when it changes it; `"unknown"` when only doing it tells. */
  readonly size?: ((size: Size) => Size) | "unknown";
  /** What computes the same bits on raw pixels without alpha: it joins a pass over raw pixels that goes before. */
  readonly kernels?: readonly Kernel[];
  readonly apply: (image: Sharp, context: FilterContext) => Sharp | Promise<Sharp>;
}

/** Mirrors left-right when `flop`, then turns clockwise by quarters. Consecutive ones are composed into one, exactly. */
export interface OrientOperation {
  readonly kind: "orient";
  readonly flop: boolean;
  readonly quarterTurns: 0 | 1 | 2 | 3;
}

/** Keeps a rectangle. Consecutive ones are composed into one, exactly. */
export interface CropOperation {
  readonly kind: "crop";
  readonly region: (size: Size) => Region;
}

/** Scales to an exact size; what fits what is decided by `target`. Done while decoding where the format can. */
export interface ResizeOperation {
  readonly kind: "resize";
  readonly target: (size: Size) => Size;
  readonly kernel: ResizeKernel;
}

export const resizeKernels = ["nearest", "linear", "cubic", "mitchell", "lanczos2", "lanczos3"] as const;
export type ResizeKernel = (typeof resizeKernels)[number];

/** What a step asks of the planner. A filter makes one or more of these of its parameters. */
export type Operation =
  | NoOperation
  | ToneOperation
  | PixelOperation
  | ChainOperation
  | OrientOperation
  | CropOperation
  | ResizeOperation;
