import type { RawImage } from "../raw-image.ts";
import { luma } from "./luma.ts";

const edgeOperators = ["sobel", "scharr", "prewitt", "laplacian"] as const;
export type EdgeOperator = (typeof edgeOperators)[number];

const edgeNorms = ["l1", "l2"] as const;
export type EdgeNorm = (typeof edgeNorms)[number];

// Rows of 3×3 kernels for the horizontal derivative; the vertical one is the transpose.
const horizontal = {
  sobel: [-1, 0, 1, -2, 0, 2, -1, 0, 1],
  scharr: [-3, 0, 3, -10, 0, 10, -3, 0, 3],
  prewitt: [-1, 0, 1, -1, 0, 1, -1, 0, 1],
} as const;
const laplacian = [0, 1, 0, 1, -4, 1, 0, 1, 0] as const;

/**
 * Gradient magnitude of the luma, clamped to 0 to 255, borders replicated: `l1` is |gx| + |gy|, `l2` the root of the sum
 * of squares, rounded to the nearest. `laplacian` has one kernel: its absolute value in either norm. Alpha is kept.
 */
export function edges(pixels: RawImage, operator: EdgeOperator, norm: EdgeNorm): RawImage {
  const grey = luma(pixels);
  const { data, width, height, channels } = grey;
  const out = Uint8Array.from(data);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      out[(y * width + x) * channels] = magnitude(grey, x, y, operator, norm);
    }
  }
  return { data: out, width, height, channels };
}

function magnitude(grey: RawImage, x: number, y: number, operator: EdgeOperator, norm: EdgeNorm): number {
  if (operator === "laplacian") return Math.min(255, Math.abs(weigh(grey, x, y, laplacian, false)));
  const gx = weigh(grey, x, y, horizontal[operator], false);
  const gy = weigh(grey, x, y, horizontal[operator], true);
  const sum = norm === "l1" ? Math.abs(gx) + Math.abs(gy) : Math.floor(Math.sqrt(gx * gx + gy * gy) + 0.5);
  return Math.min(255, sum);
}

function weigh(grey: RawImage, x: number, y: number, kernel: readonly number[], transpose: boolean): number {
  const { data, width, height, channels } = grey;
  let sum = 0;
  for (let dy = -1; dy <= 1; dy++) {
    const row = Math.min(height - 1, Math.max(0, y + dy)) * width;
    for (let dx = -1; dx <= 1; dx++) {
      const column = Math.min(width - 1, Math.max(0, x + dx));
      const weight = kernel[transpose ? (dx + 1) * 3 + dy + 1 : (dy + 1) * 3 + dx + 1] ?? 0;
      sum += weight * (data[(row + column) * channels] ?? 0);
    }
  }
  return sum;
}
