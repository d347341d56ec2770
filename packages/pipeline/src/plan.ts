import type { BoundStep, Operation } from "@imgq/filters";

/** An operation, and the numbers of the steps it came from. */
export interface PlannedOperation {
  readonly operation: Operation;
  readonly steps: readonly number[];
}

/** One go over the pixels: by a chain of sharp, or by kernels on raw pixels. */
export interface Pass {
  readonly kind: "sharp" | "pixels";
  readonly operations: readonly PlannedOperation[];
}

/** Where a plan begins and ends: with a file to decode or with pixels, with a file to encode or with pixels. */
export interface PlanEnds {
  readonly from: "source" | "pixels";
  readonly to: "encoded" | "pixels";
}

/** Groups bound steps into passes. What decodes or encodes is a pass of sharp. */
export function planPasses(steps: readonly BoundStep[], ends: PlanEnds): readonly Pass[] {
  const passes: Pass[] = steps.flatMap((step, index) =>
    step.operations
      .filter((operation) => operation.kind !== "nothing")
      .map((operation): Pass => ({ kind: kindOf(operation), operations: [{ operation, steps: [index] }] })),
  );
  const bare: Pass = { kind: "sharp", operations: [] };
  if (ends.from === "source") passes.unshift(bare);
  if (ends.to === "encoded" && passes.at(-1)?.kind !== "sharp") passes.push(bare);
  return passes;
}

function kindOf(operation: Operation): Pass["kind"] {
  return operation.kind === "pixels" || operation.kind === "tone" ? "pixels" : "sharp";
}
