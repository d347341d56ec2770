import * as v from "valibot";
import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import {
  type GradientNorm,
  type GradientOperator,
  gradient,
  gradientNorms,
  gradientOperators,
  laplacian,
} from "../kernels/gradient.ts";
import { luma } from "../kernels/luma.ts";
import { about, oneOf, parameters } from "../parameters.ts";

const edgeOperators = [...gradientOperators, "laplacian"] as const;
/** The first derivative by one of three operators, or the second. */
export type EdgeOperator = GradientOperator | "laplacian";

export interface EdgesParams {
  /** @default "sobel" */
  readonly operator: EdgeOperator;
  /** `l2`: the true magnitude; `l1`: |gx| + |gy|, somewhat faster. @default "l2" */
  readonly norm: GradientNorm;
}

/** Gradient magnitude of the luma, right up to the borders, which are replicated. Grey from here on; alpha is kept. */
export const edges: Filter<"edges", Partial<EdgesParams>, EdgesParams> = defineKernelFilter({
  name: "edges",
  description: "Shows where brightness changes: white outlines on black.",
  params: parameters({
    operator: v.optional(about("How differences are weighed.", oneOf(edgeOperators)), "sobel"),
    norm: v.optional(about("Sum of both directions (l1) or length (l2).", oneOf(gradientNorms)), "l2"),
  }),
  positional: ["operator", "norm"],
  example: "edges(sobel)",
  kernels: ({ operator, norm }) => [
    luma(),
    operator === "laplacian" ? laplacian() : gradient({ operator, norm }),
  ],
});
