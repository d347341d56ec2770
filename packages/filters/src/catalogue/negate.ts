import { defineToneFilter } from "../define-tone-filter.ts";
import type { Filter } from "../filter.ts";
import { parameters } from "../parameters.ts";

/** 255 − sample; alpha stays. */
export const negate: Filter<"negate", Record<never, never>, Record<never, never>> = defineToneFilter({
  name: "negate",
  description: "Makes a negative: light becomes dark, each colour its opposite.",
  params: parameters({}),
  line: () => ({ multiply: -1, add: 255 }),
  sharp: () => ({ slots: ["negate"], apply: (image) => image.negate({ alpha: false }) }),
});
