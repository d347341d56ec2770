import { createFilter, type Filter, type FilterDeclaration } from "./filter.ts";
import type { FilterContext, SharpForm, Size } from "./operation.ts";
import type { RawImage } from "./raw-image.ts";

export interface PixelFilterDeclaration<Name extends string, Input, Params>
  extends FilterDeclaration<Name, Input, Params> {
  /** Doing it twice with the same parameters is doing it once. @default false */
  readonly idempotent?: boolean;
  /** The size it makes of a picture, when it changes it. */
  size?(size: Size, params: Params): Size;
  /**
   * Makes a new picture of raw 8-bit pixels. It must take 1, 2, 3 and 4 channels; it may return fewer (grey of colour).
   * It must not write into `pixels.data`, unless `context.reuseInput`, and should not hold the main loop for more than 20 ms at a time.
   */
  apply(pixels: RawImage, params: Params, context: FilterContext): RawImage | Promise<RawImage>;
  /** What does the same bit for bit in a chain of sharp, and faster where nothing near works on raw pixels. @default none */
  sharp?(params: Params): SharpForm;
}

/** Declares a filter that computes on raw pixels. */
export function definePixelFilter<const Name extends string, Input, Params>(
  declaration: PixelFilterDeclaration<Name, Input, Params>,
): Filter<Name, Input, Params> {
  return createFilter(declaration, (params) => [
    {
      kind: "pixels",
      idempotent: declaration.idempotent ?? false,
      ...(declaration.size === undefined
        ? {}
        : { size: (before: Size) => declaration.size?.(before, params) ?? before }),
      ...(declaration.sharp === undefined ? {} : { sharp: declaration.sharp(params) }),
      apply: (pixels, context) => declaration.apply(pixels, params, context),
    },
  ]);
}
