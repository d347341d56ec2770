import type { StencilKernel } from "./kernel.ts";

export const gradientOperators = ["sobel", "scharr", "prewitt"] as const;
export type GradientOperator = (typeof gradientOperators)[number];

/** `l1`: |gx| + |gy|, the faster; `l2`: the length √(gx² + gy²). */
export const gradientNorms = ["l1", "l2"] as const;
export type GradientNorm = (typeof gradientNorms)[number];

export interface GradientOptions {
  /** The 3 × 3 weights: Sobel 1 2 1, Scharr 3 10 3, Prewitt 1 1 1. @default "sobel" */
  readonly operator?: GradientOperator;
  /** @default "l2" */
  readonly norm?: GradientNorm;
}

/** Strength of the edge at each pixel, rounded, at most 255, each colour for itself; alpha is kept. */
export function gradient({ operator = "sobel", norm = "l2" }: GradientOptions = {}): StencilKernel {
  return stencil3x3(`${operator}_${norm}`);
}

/** Size of the second derivative, |[0 1 0; 1 −4 1; 0 1 0]|, at most 255, each colour for itself; alpha is kept. */
export function laplacian(): StencilKernel {
  return stencil3x3("laplacian");
}

function stencil3x3(name: `${GradientOperator}_${GradientNorm}` | "laplacian"): StencilKernel {
  return {
    kind: "stencil",
    name,
    reach: { x: 1, y: 1 },
    run(wasm, { source, target, width, height, rowPixels, channels }) {
      wasm[name](source, target, width * channels, height, rowPixels * channels, channels);
    },
  };
}
