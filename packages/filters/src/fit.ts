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

/**
 * The size to scale a picture to, before anything is cut off or added. Never less than a pixel. Computed by shrink factors
 * and their inverse, as sharp and libvips do: otherwise sizes half way between two whole numbers would be rounded the other way.
 */
export function fittedSize(size: Size, { width, height, fit, enlarge }: FitTarget): Size {
  const across = width === undefined ? undefined : size.width / width;
  const down = height === undefined ? undefined : size.height / height;
  if (fit === "fill" && across !== undefined && down !== undefined) {
    return shrunk(size, limited(across, enlarge), limited(down, enlarge));
  }
  const shrinks = [across, down].filter((shrink) => shrink !== undefined);
  const shrink = fit === "cover" || fit === "outside" ? Math.min(...shrinks) : Math.max(...shrinks);
  return shrunk(size, limited(shrink, enlarge), limited(shrink, enlarge));
}

function limited(shrink: number, enlarge: boolean): number {
  return enlarge ? shrink : Math.max(1, shrink);
}

function shrunk({ width, height }: Size, across: number, down: number): Size {
  return { width: sideOf(width, across), height: sideOf(height, down) };
}

/** libvips multiplies to enlarge, and divides by the inverse of the scale to reduce. */
function sideOf(side: number, shrink: number): number {
  const scale = 1 / shrink;
  return Math.max(1, Math.round(scale > 1 ? side * scale : side / (1 / scale)));
}
