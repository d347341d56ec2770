import type { Rgba } from "./color.ts";
import { addAlpha } from "./kernels/alpha.ts";
import type { PointKernel } from "./kernels/kernel.ts";
import { toRgb } from "./kernels/ramp.ts";

/** What gives any picture the channels that a colour needs: RGB unless it is grey, alpha unless it is opaque. */
export function roomFor([red, green, blue, alpha]: Rgba): readonly PointKernel[] {
  const neutral = red === green && green === blue;
  return [...(neutral ? [] : [toRgb()]), ...(alpha === 255 ? [] : [addAlpha()])];
}

/** A colour's samples in a layout that has room for it. */
export function samplesOf([red, green, blue, alpha]: Rgba, channels: 1 | 2 | 3 | 4): readonly number[] {
  const colors = channels < 3 ? [red] : [red, green, blue];
  return channels % 2 === 0 ? [...colors, alpha] : colors;
}
