import type { Size } from "./operation.ts";

export const fits = ["cover", "contain", "fill", "inside", "outside"] as const;
/** How a picture and a frame of other proportions come together; see `resize`. */
export type Fit = (typeof fits)[number];

export interface FitTarget {
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly fit: Fit;
  readonly enlarge: boolean;
}

/** The size to scale a picture to, before anything is cut off or added. Never less than a pixel. */
export function fittedSize(size: Size, { width, height, fit, enlarge }: FitTarget): Size {
  const across = width === undefined ? undefined : width / size.width;
  const down = height === undefined ? undefined : height / size.height;
  if (fit === "fill" && across !== undefined && down !== undefined) {
    return scaled(size, limited(across, enlarge), limited(down, enlarge));
  }
  const factors = [across, down].filter((factor) => factor !== undefined);
  const factor = fit === "cover" || fit === "outside" ? Math.max(...factors) : Math.min(...factors);
  return scaled(size, limited(factor, enlarge), limited(factor, enlarge));
}

function limited(factor: number, enlarge: boolean): number {
  return enlarge ? factor : Math.min(1, factor);
}

function scaled({ width, height }: Size, across: number, down: number): Size {
  return { width: Math.max(1, Math.round(width * across)), height: Math.max(1, Math.round(height * down)) };
}
