import { InvalidOptionError } from "@imgq/core";
import type { StencilKernel } from "./kernel.ts";

const MAX_MEDIAN_SIZE = 15;

/**
 * The middle value of the square of side `size` around each pixel, each channel for itself, alpha too: bit for bit what
 * libvips and sharp make. Throws {@link InvalidOptionError} for a size that is not whole or not 1…15.
 */
export function median(size: number): StencilKernel {
  if (!Number.isInteger(size) || size < 1 || size > MAX_MEDIAN_SIZE) {
    throw new InvalidOptionError("size", `be whole, 1 to ${MAX_MEDIAN_SIZE}`, size, "Use sharp's for more.");
  }
  const reach = size >> 1;
  return {
    kind: "stencil",
    name: "median",
    reach: { x: reach, y: reach },
    run(wasm, { source, target, width, height, rowPixels, channels }) {
      wasm.median(source, target, width * channels, height, rowPixels * channels, channels, size);
    },
  };
}
