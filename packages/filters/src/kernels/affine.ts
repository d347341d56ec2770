import { InvalidOptionError } from "@imgq/core";
import type { PointKernel } from "./kernel.ts";
import { lineTable } from "./line-table.ts";

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
  const short = shortLine(multiply, add);
  return {
    kind: "point",
    name: "affine",
    outputChannels: (channels) => channels,
    run(wasm, at, pixels, channels) {
      const bytes = pixels * channels;
      if (short === undefined) wasm.affine(at, bytes, channels, multiply, add);
      else wasm.affineShort(at, bytes, channels, short.shift, short.multiply, short.add);
    },
  };
}

/** `((value << shift) × multiply + 2^14 >> 15) + add`, every number of 16 bits. */
interface ShortLine {
  readonly shift: number;
  readonly multiply: number;
  readonly add: number;
}

/** The same line in whole numbers, where it gives the same for all 256 values. */
function shortLine(multiply: number, add: number): ShortLine | undefined {
  if (Math.abs(multiply) >= 128 || Math.abs(add) > 1024) return undefined;
  let shift = 1;
  while (Math.abs(multiply) >= 2 ** shift) shift++;
  const line = {
    shift,
    multiply: Math.min(32_767, Math.round(multiply * 2 ** (15 - shift))),
    add: Math.round(add),
  };
  const same = lineTable(multiply, add).every((wanted, value) => {
    const whole = (((value << shift) * line.multiply + 2 ** 14) >> 15) + line.add;
    return wanted === Math.min(255, Math.max(0, whole));
  });
  return same ? line : undefined;
}

function finite(option: string, value: number): void {
  if (!Number.isFinite(value))
    throw new InvalidOptionError(option, "be a finite number", value, "Give a number.");
}
