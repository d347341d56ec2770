import { InvalidOptionError } from "@imgq/core";
import type { StencilKernel } from "./kernel.ts";
import { tileMemory } from "./tile-memory.ts";

export interface ConvolveOptions {
  /** Odd, 1…63. */
  readonly width: number;
  /** Odd, 1…63. */
  readonly height: number;
  /** Rows top to bottom, `width × height` finite numbers; used as they are, not turned by 180°. */
  readonly weights: readonly number[];
  /** The sum is divided by it. @default 1 */
  readonly divisor?: number;
  /** Added to the quotient, in levels. @default 0 */
  readonly offset?: number;
}

const MAX_SIDE = 63;

/**
 * Weighted sum of each pixel's neighbourhood, in single precision, halves rounded to even, clamped to 0…255; alpha is
 * kept. Weights of 0 cost nothing. Throws {@link InvalidOptionError}.
 */
export function convolve({
  width,
  height,
  weights,
  divisor = 1,
  offset = 0,
}: ConvolveOptions): StencilKernel {
  side("width", width);
  side("height", height);
  if (weights.length !== width * height) {
    const wanted = `hold width × height = ${width * height} numbers`;
    throw new InvalidOptionError("weights", wanted, weights.length, "List them row by row.");
  }
  if (![...weights, divisor, offset].every(Number.isFinite) || divisor === 0) {
    throw new InvalidOptionError(
      "weights",
      "be finite, divisor not 0",
      { divisor, offset, weights },
      "Check them.",
    );
  }
  const taps = weights
    .map((weight, index) => ({ x: index % width, y: Math.floor(index / width), weight: weight / divisor }))
    .filter(({ weight }) => weight !== 0);
  const reach = { x: (width - 1) / 2, y: (height - 1) / 2 };
  return {
    kind: "stencil",
    name: "convolve",
    reach,
    run(wasm, { source, target, width: columns, height: rows, rowPixels, channels }) {
      const memory = new DataView(wasm.memory.buffer, tileMemory.parameters, taps.length * 8);
      taps.forEach(({ x, y, weight }, index) => {
        memory.setInt32(index * 8, (y * rowPixels + x) * channels, true);
        memory.setFloat32(index * 8 + 4, weight, true);
      });
      const centre = (reach.y * rowPixels + reach.x) * channels;
      const tile = [source, target, columns * channels, rows, rowPixels * channels, channels] as const;
      wasm.convolve(...tile, tileMemory.parameters, taps.length, offset, centre);
    },
  };
}

function side(option: string, value: number): void {
  if (Number.isInteger(value) && value % 2 === 1 && value >= 1 && value <= MAX_SIDE) return;
  throw new InvalidOptionError(option, `be odd, from 1 to ${MAX_SIDE}`, value, "Pad the weights with zeros.");
}
