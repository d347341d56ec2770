import * as v from "valibot";
import { color, parseColor } from "../color.ts";
import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import { flatten as flattenKernel } from "../kernels/alpha.ts";
import { about, parameters } from "../parameters.ts";

export interface FlattenParams {
  /** Taken as opaque. @default "white" */
  readonly background: string;
}

/** Lays a transparent picture on a colour and drops its alpha; opaque pictures stay. */
export const flatten: Filter<"flatten", Partial<FlattenParams>, FlattenParams> = defineKernelFilter({
  name: "flatten",
  description: "Puts a colour behind a transparent picture.",
  params: parameters({ background: v.optional(about("Colour behind the picture.", color()), "white") }),
  positional: ["background"],
  example: "flatten(#fc8)",
  idempotent: true,
  kernels: ({ background }) => {
    const [red, green, blue] = parseColor(background);
    return [flattenKernel([red, green, blue])];
  },
});
