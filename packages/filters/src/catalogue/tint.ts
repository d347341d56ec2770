import { color, parseColor } from "../color.ts";
import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import type { Rgb } from "../kernels/color.ts";
import { ramp } from "../kernels/ramp.ts";
import { labToRgb, rgbToLab } from "../lab.ts";
import { about, parameters } from "../parameters.ts";

export interface TintParams {
  readonly color: string;
}

/** Keeps luma and takes the hue of a colour (in L*a*b*), most in the middle tones, as sharp's `tint`. Alpha is kept. */
export const tint: Filter<"tint", TintParams, TintParams> = defineKernelFilter({
  name: "tint",
  description: "Gives the whole picture the hue of one colour and keeps its light and dark.",
  params: parameters({ color: about("Colour to take the hue of.", color()) }),
  positional: ["color"],
  example: "tint(#2a9d8f)",
  kernels: (params) => {
    const [red, green, blue] = parseColor(params.color);
    const { a, b } = rgbToLab([red, green, blue]);
    const tinted = (grey: number): Rgb => {
      const { lightness } = rgbToLab([grey, grey, grey]);
      // Black stays black and white white, with the full colour in the middle.
      const weight = 1 - 4 * (lightness / 100 - 0.5) ** 2;
      return labToRgb({ lightness, a: a * weight, b: b * weight });
    };
    return [ramp(Array.from({ length: 256 }, (_, grey) => tinted(grey)))];
  },
});
