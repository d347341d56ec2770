import * as v from "valibot";
import { kernelOperation } from "../define-kernel-filter.ts";
import { createFilter, type Filter } from "../filter.ts";
import { median as medianKernel } from "../kernels/median.ts";
import { about, integerFrom, parameters } from "../parameters.ts";

export interface MedianParams {
  /** Side of the square, in pixels, 1 to 25. @default 3 */
  readonly size: number;
}

/** Up to this size the kernel, whose work grows with the square's area, is faster than libvips. */
const KERNEL_SIZE = 7;

/** The middle value of a square around each pixel, each channel for itself. */
export const median: Filter<"median", Partial<MedianParams>, MedianParams> = createFilter(
  {
    name: "median",
    description: "Takes away specks and keeps outlines.",
    params: parameters({
      size: v.optional(about("Side of the square, in pixels.", integerFrom(1, 25)), 3),
    }),
    positional: ["size"],
    example: "median(5)",
  },
  ({ size }) => {
    if (size === 1) return [{ kind: "nothing" }];
    if (size <= KERNEL_SIZE) return [kernelOperation([medianKernel(size)])];
    return [{ kind: "chain", slots: ["median"], apply: (image) => image.median(size) }];
  },
);
