import type { PointKernel } from "./kernel.ts";

/**
 * Grey by Rec. 601 as Pillow and OpenCV compute it: `(19595 R + 38470 G + 7471 B + 32768) >> 16`. RGB becomes one
 * channel, RGB + alpha two; grey images stay.
 */
export function luma(): PointKernel {
  return {
    kind: "point",
    name: "luma",
    averages: true,
    outputChannels: (channels) => (channels === 3 ? 1 : channels === 4 ? 2 : channels),
    run(wasm, at, pixels, channels) {
      if (channels === 3) wasm.lumaRgb(at, at, pixels);
      if (channels === 4) wasm.lumaRgba(at, at, pixels);
    },
  };
}
