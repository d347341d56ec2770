import { createFilter, type Filter, type FilterDeclaration } from "./filter.ts";
import { lineTable } from "./kernels/line-table.ts";
import type { Operation, SharpForm, ToneOperation } from "./operation.ts";

/** A line through the tones: `sample × multiply + add`. */
export interface ToneLine {
  readonly multiply: number;
  readonly add: number;
}

export type ToneFilterDeclaration<Name extends string, Input, Params> = FilterDeclaration<
  Name,
  Input,
  Params
> &
  (
    | {
        /** The new value of a colour sample of 0 to 255; rounded half up and clamped to 0 to 255 afterwards. */
        tone(sample: number, params: Params): number;
      }
    | {
        /** For tones on a line, which are faster; computed in single precision, halves rounded to even. */
        line(params: Params): ToneLine;
        /** What does the same bit for bit in a chain of sharp, and faster where no kernel is near. @default none */
        sharp?(params: Params): SharpForm;
      }
  );

/**
 * Declares a filter that maps every colour sample by itself, all channels alike, alpha untouched (brightness, contrast,
 * negate, posterize). Any run of them costs one table look-up a sample, and a run that changes nothing costs nothing.
 */
export function defineToneFilter<const Name extends string, Input, Params>(
  declaration: ToneFilterDeclaration<Name, Input, Params>,
): Filter<Name, Input, Params> {
  return createFilter(declaration, (params) => [
    "line" in declaration
      ? lineOperation(declaration.line(params), declaration.sharp?.(params))
      : unlessIdentity({
          kind: "tone",
          table: tabulate((sample) => Math.floor(declaration.tone(sample, params) + 0.5)),
        }),
  ]);
}

function lineOperation({ multiply, add }: ToneLine, sharp: SharpForm | undefined): Operation {
  return unlessIdentity({
    kind: "tone",
    table: lineTable(multiply, add),
    line: { multiply, add },
    ...(sharp === undefined ? {} : { sharp }),
  });
}

function unlessIdentity(operation: ToneOperation): Operation {
  return operation.table.every((value, sample) => value === sample) ? { kind: "nothing" } : operation;
}

function tabulate(tone: (sample: number) => number): Uint8Array {
  const table = new Uint8Array(256);
  for (let sample = 0; sample < 256; sample++) table[sample] = Math.min(255, Math.max(0, tone(sample)));
  return table;
}
