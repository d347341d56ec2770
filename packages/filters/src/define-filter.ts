import type { Sharp } from "sharp";
import { createFilter, type Filter, type FilterDeclaration } from "./filter.ts";
import type { Kernel } from "./kernels/kernel.ts";
import type { ChainOperation, FilterContext, Size } from "./operation.ts";
import type { SharpSlot } from "./sharp-slots.ts";

/** Where in sharp's fixed order a filter acts, and what it does there, so that it can share a pass with its neighbours. */
export interface FuseDeclaration<Params> {
  /** Every slot that `apply` uses. */
  readonly slots: readonly SharpSlot[] | ((params: Params) => readonly SharpSlot[]);
  /** What it does to the channels. @default "same" */
  readonly colour?: "same" | "grey" | "colour";
  /** Whether it may give an opaque picture transparency. @default false */
  readonly addsAlpha?: boolean;
  /** Whether sharp leaves its result unrounded or unclamped (recomb, convolve), so that nothing may follow. @default false */
  readonly unclamped?: boolean;
  /** The size it makes of a picture; `"unknown"` when only doing it tells (trim). @default the same size */
  readonly size?: "unknown" | ((size: Size, params: Params) => Size);
  /**
   * Kernels of `@imgq/filters/kernels` that give the same bits as `apply` on pictures without alpha, so that it need not end
   * a pass over raw pixels; undefined where there are none. @default none
   */
  readonly kernels?: (params: Params) => readonly Kernel[] | undefined;
}

export interface SharpFilterDeclaration<Name extends string, Input, Params>
  extends FilterDeclaration<Name, Input, Params> {
  /** Left out: the filter gets a pass of its own, which is always right. */
  readonly fuse?: FuseDeclaration<Params>;
  /** Calls methods of `image` and returns it. It must not encode, and not call what `fuse` does not name. */
  apply(image: Sharp, params: Params, context: FilterContext): Sharp | Promise<Sharp>;
}

/** Declares a filter that is a chain of sharp's own operations. */
export function defineFilter<const Name extends string, Input, Params>(
  declaration: SharpFilterDeclaration<Name, Input, Params>,
): Filter<Name, Input, Params> {
  return createFilter(declaration, (params) => [chainOperation(declaration, params)]);
}

function chainOperation<Name extends string, Input, Params>(
  declaration: SharpFilterDeclaration<Name, Input, Params>,
  params: Params,
): ChainOperation {
  const apply: ChainOperation["apply"] = (image, context) => declaration.apply(image, params, context);
  const { fuse } = declaration;
  // Nothing is known of it: its channels and size are read from the pixels it leaves.
  if (fuse === undefined) return { kind: "chain", slots: [], colour: "colour", size: "unknown", apply };
  const { slots, size } = fuse;
  const kernels = fuse.kernels?.(params);
  return {
    kind: "chain",
    slots: typeof slots === "function" ? slots(params) : slots,
    colour: fuse.colour ?? "same",
    addsAlpha: fuse.addsAlpha ?? false,
    unclamped: fuse.unclamped ?? false,
    ...(size === undefined
      ? {}
      : { size: size === "unknown" ? size : (before: Size) => size(before, params) }),
    ...(kernels === undefined ? {} : { kernels }),
    apply,
  };
}
