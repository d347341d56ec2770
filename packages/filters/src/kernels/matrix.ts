import { InvalidOptionError } from "@imgq/core";
import type { PointKernel } from "./kernel.ts";
import { ramp } from "./ramp.ts";
import { table } from "./table.ts";
import { tileMemory } from "./tile-memory.ts";

/** How much red, green and blue each result takes, and what is added in levels. */
export type MatrixRow = readonly [red: number, green: number, blue: number, offset: number];
export type ColorMatrix = readonly [red: MatrixRow, green: MatrixRow, blue: MatrixRow];

/**
 * Mixes the colours of each pixel, in single precision from left to right, halves rounded to even; alpha is kept. A
 * grey picture becomes a colour one only when the matrix colours grey. Throws {@link InvalidOptionError}.
 */
export function matrix(rows: ColorMatrix): PointKernel {
  const numbers = Float32Array.from(rows.flat());
  if (numbers.length !== 12 || !numbers.every(Number.isFinite)) {
    throw new InvalidOptionError(
      "rows",
      "be three rows of four finite numbers",
      rows,
      "Give red, green and blue.",
    );
  }
  const greys = Array.from({ length: 256 }, (_, grey) => mix(numbers, grey));
  const neutral = greys.every(([red, green, blue]) => red === green && green === blue);
  const onGrey = neutral ? table([Uint8Array.from(greys, ([red]) => red)]) : ramp(greys);
  return {
    kind: "point",
    name: "matrix",
    outputChannels: (channels) => (channels < 3 ? onGrey.outputChannels(channels) : channels),
    run(wasm, at, pixels, channels) {
      if (channels < 3) {
        onGrey.run(wasm, at, pixels, channels);
        return;
      }
      new Float32Array(wasm.memory.buffer, tileMemory.parameters, 12).set(numbers);
      wasm.matrix(at, pixels, channels, tileMemory.parameters);
    },
  };
}

/** What the matrix makes of a grey, in the kernel's own steps and precision. */
function mix(numbers: Float32Array, grey: number): readonly [number, number, number] {
  const row = (start: number): number => {
    const [red = 0, green = 0, blue = 0, offset = 0] = numbers.subarray(start, start + 4);
    const two = Math.fround(Math.fround(grey * red) + Math.fround(grey * green));
    const sum = Math.fround(Math.fround(two + Math.fround(grey * blue)) + offset);
    const clamped = Math.min(255, Math.max(0, sum));
    // 2^23 leaves no room for a fraction: single precision rounds it away, halves to even.
    return Math.fround(clamped + 2 ** 23) - 2 ** 23;
  };
  return [row(0), row(4), row(8)];
}
