export { type AffineOptions, affine } from "./affine.ts";
export { type ConvolveOptions, convolve } from "./convolve.ts";
export {
  type GradientNorm,
  type GradientOperator,
  type GradientOptions,
  gradient,
  gradientNorms,
  gradientOperators,
  laplacian,
} from "./gradient.ts";
export type { Kernel, PointKernel, StencilKernel, Tile } from "./kernel.ts";
export { luma } from "./luma.ts";
export { type RunKernelsOptions, runKernels } from "./run-kernels.ts";
export { table } from "./table.ts";
