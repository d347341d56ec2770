import { createFilter, type Filter, type FilterDeclaration } from "./filter.ts";
import type { Kernel } from "./kernels/kernel.ts";
import { runKernels } from "./kernels/run-kernels.ts";
import type { Operation, SharpForm } from "./operation.ts";

export interface KernelFilterDeclaration<Name extends string, Input, Params>
  extends FilterDeclaration<Name, Input, Params> {
  /** Doing it twice with the same parameters is doing it once. @default false */
  readonly idempotent?: boolean;
  /** The kernels of `@imgq/filters/kernels` that the filter stands for, in order. */
  kernels(params: Params): readonly Kernel[];
  /** What does the same bit for bit in a chain of sharp, and faster where no other kernel is near. @default none */
  sharp?(params: Params): SharpForm;
}

/** Declares a filter that is a chain of kernels; neighbours of its kind share one walk over the pixels with it. */
export function defineKernelFilter<const Name extends string, Input, Params>(
  declaration: KernelFilterDeclaration<Name, Input, Params>,
): Filter<Name, Input, Params> {
  const { idempotent = false } = declaration;
  return createFilter(declaration, (params) => [
    kernelOperation(declaration.kernels(params), { idempotent, sharp: declaration.sharp?.(params) }),
  ]);
}

/** The planner's view of a chain of kernels; none at all cost nothing. */
export function kernelOperation(
  kernels: readonly Kernel[],
  {
    idempotent = false,
    sharp,
  }: { readonly idempotent?: boolean; readonly sharp?: SharpForm | undefined } = {},
): Operation {
  if (kernels.length === 0) return { kind: "nothing" };
  return {
    kind: "pixels",
    idempotent,
    kernels,
    ...(sharp === undefined ? {} : { sharp }),
    apply: (pixels, { signal }) => runKernels(pixels, kernels, { signal }),
  };
}
