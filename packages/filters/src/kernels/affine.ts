import { InvalidOptionError } from "@imgq/core";
import type { PointKernel } from "./kernel.ts";

/** `value × multiply + add`. */
export interface AffineOptions {
  /** Any finite number. */
  readonly multiply: number;
  /** In levels of 0…255. @default 0 */
  readonly add?: number;
}

/**
 * `clamp(round(value × multiply + add))` for each colour value, in single precision, halves rounded to even as
 * OpenCV does; alpha is kept. Throws {@link InvalidOptionError} for numbers that are not finite.
 */
export function affine({ multiply, add = 0 }: AffineOptions): PointKernel {
  finite("multiply", multiply);
  finite("add", add);
  return {
    kind: "point",
    name: "affine",
    outputChannels: (channels) => channels,
    run: (wasm, at, pixels, channels) => wasm.affine(at, pixels * channels, channels, multiply, add),
  };
}

function finite(option: string, value: number): void {
  if (!Number.isFinite(value))
    throw new InvalidOptionError(option, "be a finite number", value, "Give a number.");
}
