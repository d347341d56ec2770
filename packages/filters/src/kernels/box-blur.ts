import { InvalidOptionError } from "@imgq/core";
import type { StencilKernel } from "./kernel.ts";
import { tileMemory } from "./tile-memory.ts";

const MAX_BOX_RADIUS = 100;

/**
 * The mean of the square of side 2 × radius + 1 around each pixel, rounded half up; colours count by their alpha. Costs
 * the same for any radius. Throws {@link InvalidOptionError} for a radius that is not whole or not 0…100.
 */
export function boxBlur(radius: number): StencilKernel {
  if (!Number.isInteger(radius) || radius < 0 || radius > MAX_BOX_RADIUS) {
    throw new InvalidOptionError(
      "radius",
      `be whole, 0 to ${MAX_BOX_RADIUS}`,
      radius,
      "Blur twice for more.",
    );
  }
  return {
    kind: "stencil",
    name: "boxBlur",
    reach: { x: radius, y: radius },
    run(wasm, { source, target, width, height, rowPixels, channels }) {
      const blur = channels % 2 === 0 ? wasm.boxBlurAlpha : wasm.boxBlur;
      blur(source, target, width, height, rowPixels * channels, channels, radius, tileMemory.parameters);
    },
  };
}
