import { createFilter, type Filter, type FilterDeclaration } from "./filter.ts";
import type { Operation } from "./operation.ts";

export interface GeometryFilterDeclaration<Name extends string, Input, Params>
  extends FilterDeclaration<Name, Input, Params> {
  /** The operations that the filter stands for, in order: a resize that covers is a resize and a crop. */
  operations(params: Params): readonly Operation[];
}

/** Declares a filter that moves pixels about: turning, mirroring, cropping, scaling, or several of them in turn. */
export function defineGeometryFilter<const Name extends string, Input, Params>(
  declaration: GeometryFilterDeclaration<Name, Input, Params>,
): Filter<Name, Input, Params> {
  return createFilter(declaration, (params) => declaration.operations(params));
}
