import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import { luma } from "../kernels/luma.ts";
import { parameters } from "../parameters.ts";

/** Grey by Rec. 601 luma, the same bits as Pillow's and OpenCV's. One channel from here on; alpha is kept. */
export const grayscale: Filter<"grayscale", Record<never, never>, Record<never, never>> = defineKernelFilter({
  name: "grayscale",
  description: "Makes the picture grey, by Rec. 601 luma.",
  params: parameters({}),
  idempotent: true,
  kernels: () => [luma()],
});
