import type { PlacedKernel } from "./kernel.ts";

export interface VignetteOptions {
  /** How much darker the corners become: 0 not at all, 1 black. */
  readonly strength: number;
  /** Where darkening begins, as a part of the way from the centre to a corner, 0 to less than 1. */
  readonly start: number;
}

/** Darkens towards the corners, smoothly; alpha is kept. */
export function vignette({ strength, start }: VignetteOptions): PlacedKernel {
  return {
    kind: "placed",
    name: "vignette",
    run(wasm, at, pixels, channels, { x, y, image }) {
      const perPixel = 2 / Math.hypot(image.width, image.height);
      const column = x + 0.5 - image.width / 2;
      const down = (y + 0.5 - image.height / 2) * perPixel;
      wasm.vignette(at, pixels, channels, column, down, perPixel, start * start, strength);
    },
  };
}
