import { createFilter, type Filter, type FilterDeclaration } from "./filter.ts";
import type { Kernel } from "./kernels/kernel.ts";
import { runKernels } from "./kernels/run-kernels.ts";

export interface KernelFilterDeclaration<Name extends string, Input, Params>
  extends FilterDeclaration<Name, Input, Params> {
  /** Doing it twice with the same parameters is doing it once. @default false */
  readonly idempotent?: boolean;
  /** The kernels of `@imgq/filters/kernels` that the filter stands for, in order. */
  kernels(params: Params): readonly Kernel[];
}

/** Declares a filter that is a chain of kernels; neighbours of its kind share one walk over the pixels with it. */
export function defineKernelFilter<const Name extends string, Input, Params>(
  declaration: KernelFilterDeclaration<Name, Input, Params>,
): Filter<Name, Input, Params> {
  return createFilter(declaration, (params) => {
    const kernels = declaration.kernels(params);
    return [
      {
        kind: "pixels",
        idempotent: declaration.idempotent ?? false,
        kernels,
        apply: (pixels, { signal }) => runKernels(pixels, kernels, { signal }),
      },
    ];
  });
}
