import { defineGeometryFilter } from "../define-geometry-filter.ts";
import type { Filter } from "../filter.ts";
import { parameters } from "../parameters.ts";

/** Every picture is turned as its EXIF orientation says when it is read; this step says so and does no more. */
export const autoOrient: Filter<
  "autoOrient",
  Record<never, never>,
  Record<never, never>
> = defineGeometryFilter({
  name: "autoOrient",
  description: "Turns the picture upright as its camera recorded it, which reading it does in any case.",
  params: parameters({}),
  operations: () => [{ kind: "nothing" }],
});
