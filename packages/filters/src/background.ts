import type { Rgba } from "./color.ts";
import { kernelOperation } from "./define-kernel-filter.ts";
import { toRgb } from "./kernels/ramp.ts";
import type { FilterContext, Operation } from "./operation.ts";

/** What must come before sharp lays a picture on a colour: in a grey picture it would make the colour grey. */
export function roomFor([red, green, blue]: Rgba): Operation {
  const neutral = red === green && green === blue;
  return kernelOperation(neutral ? [] : [toRgb()]);
}

/** A colour as sharp takes it for a background, where there is room for it; sharp adds alpha for one that is not opaque. */
export function backgroundOf(
  [r, g, b, alpha]: Rgba,
  { channels }: FilterContext,
): { readonly r: number; readonly g: number; readonly b: number; readonly alpha: number } {
  // For a grey picture sharp weighs the three and rounds down: without a little more it might lose a level.
  return { r, g, b: channels < 3 ? Math.min(255, b + 1) : b, alpha: alpha / 255 };
}
