import { createFilter, type Filter, type FilterDeclaration } from "./filter.ts";
import type { Operation } from "./operation.ts";

export interface ToneFilterDeclaration<Name extends string, Input, Params>
  extends FilterDeclaration<Name, Input, Params> {
  /** The new value of a colour sample of 0 to 255. Rounded half up and clamped to 0 to 255 afterwards. */
  tone(sample: number, params: Params): number;
}

/**
 * Declares a filter that maps every colour sample by itself, all channels alike, alpha untouched (brightness, contrast,
 * negate, posterize). Any run of them costs one table look-up a sample, and a run that changes nothing costs nothing.
 */
export function defineToneFilter<const Name extends string, Input, Params>(
  declaration: ToneFilterDeclaration<Name, Input, Params>,
): Filter<Name, Input, Params> {
  return createFilter(declaration, (params) => [toneOperation((sample) => declaration.tone(sample, params))]);
}

function toneOperation(tone: (sample: number) => number): Operation {
  const table = Uint8Array.from({ length: 256 }, (_, sample) => clampToByte(tone(sample)));
  return table.every((value, sample) => value === sample) ? { kind: "nothing" } : { kind: "tone", table };
}

function clampToByte(value: number): number {
  return Math.min(255, Math.max(0, Math.floor(value + 0.5)));
}
