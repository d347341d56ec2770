import { defineGeometryFilter } from "../define-geometry-filter.ts";
import type { Filter } from "../filter.ts";
import { parameters } from "../parameters.ts";

/** Top becomes bottom. */
export const flip: Filter<"flip", Record<never, never>, Record<never, never>> = defineGeometryFilter({
  name: "flip",
  description: "Mirrors the picture top to bottom.",
  params: parameters({}),
  operations: () => [{ kind: "orient", flop: true, quarterTurns: 2 }],
});

/** Left becomes right. */
export const flop: Filter<"flop", Record<never, never>, Record<never, never>> = defineGeometryFilter({
  name: "flop",
  description: "Mirrors the picture left to right.",
  params: parameters({}),
  operations: () => [{ kind: "orient", flop: true, quarterTurns: 0 }],
});
