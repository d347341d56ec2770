import type { ConvolveOptions } from "./kernels/convolve.ts";

const SAMPLES_PER_PIXEL = 8;

/**
 * A line through the middle of a mask, `length` pixels long, `angle` degrees clockwise from the right, drawn by points
 * that each share their weight among the four pixels around them. The weights add up to 1.
 */
export function lineMask(length: number, angle: number): ConvolveOptions {
  const half = (length - 1) / 2;
  const radians = (angle * Math.PI) / 180;
  const [across, down] = [Math.cos(radians) * half, Math.sin(radians) * half];
  // A cosine of nearly nothing must not add a column.
  const reach = { x: Math.ceil(Math.abs(across) - 1e-9), y: Math.ceil(Math.abs(down) - 1e-9) };
  const width = 2 * reach.x + 1;
  const height = 2 * reach.y + 1;
  const weights = Array.from({ length: width * height }, () => 0);
  const points = Math.max(1, Math.round(length * SAMPLES_PER_PIXEL));
  for (let point = 0; point < points; point++) {
    const along = points === 1 ? 0 : (2 * point) / (points - 1) - 1;
    share(weights, width, reach.x + along * across, reach.y + along * down, 1 / points);
  }
  return { width, height, weights };
}

function share(weights: number[], width: number, x: number, y: number, weight: number): void {
  const [left, top] = [Math.floor(x + 1e-9), Math.floor(y + 1e-9)];
  const [right, below] = [Math.max(0, x - left), Math.max(0, y - top)];
  const give = (column: number, row: number, part: number): void => {
    const index = row * width + column;
    if (part > 1e-6) weights[index] = (weights[index] ?? 0) + part * weight;
  };
  give(left, top, (1 - right) * (1 - below));
  give(left + 1, top, right * (1 - below));
  give(left, top + 1, (1 - right) * below);
  give(left + 1, top + 1, right * below);
}
