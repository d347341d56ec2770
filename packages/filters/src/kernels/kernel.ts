import type { RawImage } from "../raw-image.ts";
import type { WasmKernels } from "./wasm.ts";

export type Channels = RawImage["channels"];

/** Changes pixels one by one. */
export interface PointKernel {
  readonly kind: "point";
  readonly name: string;
  /** Each new sample is a weighted mean of the pixel's own: but for rounding, scaling may come before or after. */
  readonly averages?: true;
  /** Other pictures than those with alpha, or than grey ones, stay as they are. */
  readonly only?: "alpha" | "grey";
  /** Channels of the result for an input of `channels`. */
  outputChannels(channels: Channels): Channels;
  /** Changes `pixels` pixels at `at`, in place. May write 15 pixels more. */
  run(wasm: WasmKernels, at: number, pixels: number, channels: Channels): void;
}

/** Rows in the kernels' memory: `source` with a border of the kernel's reach, `target` without. Sizes in pixels. */
export interface Tile {
  readonly source: number;
  readonly target: number;
  readonly width: number;
  readonly height: number;
  /** Pixels from one row to the next, in both. */
  readonly rowPixels: number;
  readonly channels: Channels;
}

/** Computes a pixel from its neighbourhood; outside the image the nearest pixel counts. Channels stay. */
export interface StencilKernel {
  readonly kind: "stencil";
  readonly name: string;
  /** How many pixels it reads to each side. */
  readonly reach: { readonly x: number; readonly y: number };
  run(wasm: WasmKernels, tile: Tile): void;
}

/** Where a row of pixels is in its image, in pixels; it may begin left of it and end right of it. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly image: { readonly width: number; readonly height: number };
}

/** Changes pixels one by one, depending on their place. Channels stay. */
export interface PlacedKernel {
  readonly kind: "placed";
  readonly name: string;
  /** Changes a row of `pixels` pixels at `at`, in place. May write 15 pixels more. */
  run(wasm: WasmKernels, at: number, pixels: number, channels: Channels, placement: Placement): void;
}

/** One operation on raw pixels; made by `luma()`, `affine(…)`, `gradient(…)` and their like, run by `runKernels`. */
export type Kernel = PointKernel | PlacedKernel | StencilKernel;
