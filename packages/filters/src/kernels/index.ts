export { type AffineOptions, affine } from "./affine.ts";
export { addAlpha, flatten } from "./alpha.ts";
export { boxBlur } from "./box-blur.ts";
export type { Rgb } from "./color.ts";
export { type ConvolveOptions, convolve } from "./convolve.ts";
export { gaussianBlur } from "./gaussian-blur.ts";
export {
  type GradientNorm,
  type GradientOperator,
  type GradientOptions,
  gradient,
  gradientNorms,
  gradientOperators,
  laplacian,
} from "./gradient.ts";
export type { Kernel, PlacedKernel, Placement, PointKernel, StencilKernel, Tile } from "./kernel.ts";
export { luma } from "./luma.ts";
export { type ColorMatrix, type MatrixRow, matrix } from "./matrix.ts";
export { median } from "./median.ts";
export { type NoiseOptions, noise } from "./noise.ts";
export { type ChannelName, channelNames, pickChannel } from "./pick-channel.ts";
export { ramp, toRgb } from "./ramp.ts";
export { type RunKernelsOptions, runKernels } from "./run-kernels.ts";
export { table } from "./table.ts";
export { type UnsharpOptions, unsharp } from "./unsharp.ts";
export { type VignetteOptions, vignette } from "./vignette.ts";
