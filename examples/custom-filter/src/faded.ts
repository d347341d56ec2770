import { defineFilter } from "@imgq/filters";
import * as v from "valibot";

/** A filter of sharp's own operations: `fuse` names them, so that it shares a pass with its neighbours. */
export const faded = defineFilter({
  name: "faded",
  description: "Makes a picture look as if it had hung in the sun.",
  params: v.object({ amount: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.5) }),
  positional: ["amount"],
  example: "faded(0.7)",
  fuse: { slots: ["modulate", "linear"] },
  apply: (image, { amount }) =>
    image.modulate({ saturation: 1 - 0.6 * amount }).linear(1 - 0.3 * amount, 60 * amount),
});
