import * as v from "valibot";
import { color, parseColor, type Rgba } from "../color.ts";
import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import type { Rgb } from "../kernels/color.ts";
import { ramp } from "../kernels/ramp.ts";
import { about, parameters } from "../parameters.ts";

export interface DuotoneParams {
  /** Colour of black. @default "#1b1464" */
  readonly shadow: string;
  /** Colour of white. @default "#ffd56b" */
  readonly highlight: string;
}

/** Paints luma between two colours, in even steps of sRGB. Alpha is kept. */
export const duotone: Filter<"duotone", Partial<DuotoneParams>, DuotoneParams> = defineKernelFilter({
  name: "duotone",
  description: "Paints the picture in two colours: one for its shadows, one for its lights.",
  params: parameters({
    shadow: v.optional(about("Colour of black.", color()), "#1b1464"),
    highlight: v.optional(about("Colour of white.", color()), "#ffd56b"),
  }),
  positional: ["shadow", "highlight"],
  example: "duotone(#1b1464, #ffd56b)",
  kernels: ({ shadow, highlight }) => {
    const [from, to] = [parseColor(shadow), parseColor(highlight)];
    return [ramp(Array.from({ length: 256 }, (_, grey) => between(from, to, grey / 255)))];
  },
});

function between(from: Rgba, to: Rgba, part: number): Rgb {
  const mix = (one: number, other: number): number => Math.round(one + (other - one) * part);
  return [mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2])];
}
