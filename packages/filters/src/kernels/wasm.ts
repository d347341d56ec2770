import { wasmBase64 } from "./wasm.gen.ts";

/** Changes `bytes` bytes, whole pixels, in place; alpha is kept. */
type InPlace = (at: number, bytes: number, channels: number, ...parameters: number[]) => void;
/** Reads a tile with its border at `source`, writes the tile without it at `target`; see assembly/gradient.ts. */
type Stencil = (
  source: number,
  target: number,
  rowBytes: number,
  rows: number,
  stride: number,
  channels: number,
  ...parameters: number[]
) => void;

type BoxBlur = (
  source: number,
  target: number,
  width: number,
  rows: number,
  stride: number,
  channels: number,
  radius: number,
  sums: number,
) => void;

type BlurLine = (
  source: number,
  target: number,
  rowBytes: number,
  rows: number,
  stride: number,
  step: number,
  weights: number,
  radius: number,
  shift: number,
) => void;

/** What assembly/index.ts exports. */
export interface WasmKernels {
  readonly memory: WebAssembly.Memory;
  readonly addAlpha: (at: number, pixels: number, channels: number) => void;
  readonly flatten: (at: number, pixels: number, channels: number, color: number) => void;
  readonly pickChannel: (at: number, pixels: number, channels: number, channel: number) => void;
  readonly ramp: (at: number, pixels: number, channels: number, colors: number) => void;
  readonly matrix: (at: number, pixels: number, channels: number, rows: number) => void;
  readonly noise: (
    at: number,
    pixels: number,
    channels: number,
    first: number,
    seed: number,
    scale: number,
    grey: number,
  ) => void;
  readonly vignette: (
    at: number,
    pixels: number,
    channels: number,
    column: number,
    y: number,
    perPixel: number,
    start: number,
    strength: number,
  ) => void;
  readonly lumaRgb: (source: number, target: number, pixels: number) => void;
  readonly lumaRgba: (source: number, target: number, pixels: number) => void;
  readonly affine: InPlace;
  readonly affineShort: InPlace;
  readonly table: InPlace;
  readonly steps: InPlace;
  readonly sobel_l1: Stencil;
  readonly sobel_l2: Stencil;
  readonly scharr_l1: Stencil;
  readonly scharr_l2: Stencil;
  readonly prewitt_l1: Stencil;
  readonly prewitt_l2: Stencil;
  readonly laplacian: Stencil;
  readonly convolve: Stencil;
  readonly median: Stencil;
  readonly unsharp: (
    at: number,
    soft: number,
    bytes: number,
    channels: number,
    amount: number,
    least: number,
  ) => void;
  readonly blurLine: BlurLine;
  readonly blurLineShort: BlurLine;
  readonly extendRows: (
    at: number,
    rows: number,
    stride: number,
    channels: number,
    left: number,
    width: number,
    right: number,
  ) => void;
  readonly addRows: (source: number, rows: number, stride: number, samples: number, sums: number) => void;
  readonly addRowsAlpha: (
    source: number,
    rows: number,
    stride: number,
    samples: number,
    channels: number,
    sums: number,
  ) => void;
  readonly fillBlocks: (
    target: number,
    pixels: number,
    channels: number,
    size: number,
    rows: number,
    sums: number,
  ) => void;
  readonly boxBlur: BoxBlur;
  readonly boxBlurAlpha: BoxBlur;
}

let instance: WasmKernels | undefined;

/** The one instance of this process, compiled at first use (about 1 ms). Nothing outlives a synchronous use of it. */
export function wasmKernels(): WasmKernels {
  if (instance === undefined) {
    const module = new WebAssembly.Module(Buffer.from(wasmBase64, "base64"));
    // The module is built beside this file, so its exports are what the interface says.
    instance = new WebAssembly.Instance(module).exports as WasmKernels;
  }
  return instance;
}
