import * as v from "valibot";
import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import { convolve as convolveKernel } from "../kernels/convolve.ts";
import { about, numberFrom, parameters } from "../parameters.ts";

export interface ConvolveParams {
  /** Rows of weights, top to bottom, all of the same odd length; an odd number of rows, at most 63 × 63. */
  readonly kernel: readonly (readonly number[])[];
  /** The weighted sum is divided by it. @default 1 */
  readonly divisor: number;
  /** Added at the end, in levels. @default 0 */
  readonly offset: number;
}

const oddRows = "rows of numbers in brackets: an odd number of rows, 1 to 63, all of one odd length";
const message = `must be ${oddRows}`;
const weight = v.pipe(v.number(message), v.finite(message));
const kernelRows = v.pipe(
  v.array(v.array(weight, message), message),
  v.check(
    (rows) => isOdd(rows.length) && rows.every((row) => isOdd(row.length) && row.length === rows[0]?.length),
    message,
  ),
  v.metadata({ values: oddRows }),
);

/** A weighted sum of each pixel's neighbourhood; alpha is kept, borders are replicated. */
export const convolve: Filter<
  "convolve",
  { kernel: number[][]; divisor?: number; offset?: number },
  ConvolveParams
> = defineKernelFilter({
  name: "convolve",
  description: "Replaces each pixel by a weighted sum of its neighbourhood.",
  params: parameters({
    kernel: about("Weights, row by row.", kernelRows),
    divisor: v.optional(
      about(
        "What the sum is divided by; not 0.",
        v.pipe(numberFrom(-1e6, 1e6), v.notValue(0, "must not be 0")),
      ),
      1,
    ),
    offset: v.optional(about("Added at the end, in levels.", numberFrom(-255, 255)), 0),
  }),
  positional: ["kernel", "divisor", "offset"],
  example: "convolve([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])",
  kernels: ({ kernel, divisor, offset }) => [
    convolveKernel({
      width: kernel[0]?.length ?? 1,
      height: kernel.length,
      weights: kernel.flat(),
      divisor,
      offset,
    }),
  ],
});

function isOdd(length: number): boolean {
  return length % 2 === 1 && length <= 63;
}
