import * as v from "valibot";
import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import { luma } from "../kernels/luma.ts";
import { table } from "../kernels/table.ts";
import { about, integerFrom, parameters } from "../parameters.ts";

export interface ThresholdParams {
  /** Luma from which a pixel is white, 0 to 255. @default 128 */
  readonly level: number;
}

/** White where luma is at least the level, black elsewhere. Grey from here on; alpha is kept. */
export const threshold: Filter<"threshold", Partial<ThresholdParams>, ThresholdParams> = defineKernelFilter({
  name: "threshold",
  description: "Makes everything black or white.",
  params: parameters({
    level: v.optional(about("Luma from which a pixel is white.", integerFrom(0, 255)), 128),
  }),
  positional: ["level"],
  example: "threshold(120)",
  kernels: ({ level }) => [
    luma(),
    table([Uint8Array.from({ length: 256 }, (_, grey) => (grey >= level ? 255 : 0))]),
  ],
});
