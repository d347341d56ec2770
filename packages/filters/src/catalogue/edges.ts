import * as v from "valibot";
import { definePixelFilter } from "../define-pixel-filter.ts";
import type { Filter } from "../filter.ts";
import { oneOf, parameters } from "../parameters.ts";
import {
  type EdgeNorm,
  type EdgeOperator,
  edgeNorms,
  edgeOperators,
  edges as referenceEdges,
} from "../reference/edges.ts";

export interface EdgesParams {
  /** @default "sobel" */
  readonly operator: EdgeOperator;
  /** `l2`: the true magnitude; `l1`: |gx| + |gy|, somewhat faster. @default "l2" */
  readonly norm: EdgeNorm;
}

/** Gradient magnitude of the luma, right up to the borders, which are replicated. Grey from here on; alpha is kept. */
export const edges: Filter<"edges", Partial<EdgesParams>, EdgesParams> = definePixelFilter({
  name: "edges",
  description: "Shows where brightness changes: white outlines on black.",
  params: parameters({
    operator: v.optional(oneOf(edgeOperators), "sobel"),
    norm: v.optional(oneOf(edgeNorms), "l2"),
  }),
  positional: ["operator", "norm"],
  example: "edges(sobel)",
  apply: (pixels, { operator, norm }) => referenceEdges(pixels, operator, norm),
});
