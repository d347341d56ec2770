import { hueMatrix } from "../color-matrices.ts";
import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import { matrix } from "../kernels/matrix.ts";
import { about, numberFrom, parameters } from "../parameters.ts";

export interface HueParams {
  /** Along the colour wheel, from red towards yellow, −360 to 360. */
  readonly degrees: number;
}

/** Turns colours about the grey axis, as the CSS filter `hue-rotate`. Grey pictures stay. */
export const hue: Filter<"hue", HueParams, HueParams> = defineKernelFilter({
  name: "hue",
  description: "Turns all colours along the colour wheel.",
  params: parameters({ degrees: about("From red towards yellow.", numberFrom(-360, 360)) }),
  positional: ["degrees"],
  example: "hue(90)",
  kernels: ({ degrees }) => (degrees % 360 === 0 ? [] : [matrix(hueMatrix(degrees))]),
});
