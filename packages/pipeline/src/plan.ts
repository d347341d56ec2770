import type { BoundStep, Operation } from "@imgq/filters";
import { alphaAfter } from "./alpha-after.ts";
import { runsInSharp, whyNotJoin } from "./join.ts";
import type { Pass, PictureFacts, PlannedOperation } from "./pass.ts";
import { rewrite } from "./rewrite.ts";
import type { Note } from "./simplify.ts";

/** Where a plan begins and ends: with a file to decode or with pixels, with a file to encode or with pixels. */
export interface PlanEnds {
  readonly from: "source" | "pixels";
  readonly to: "encoded" | "pixels";
}

export interface PassPlan {
  readonly passes: readonly Pass[];
  readonly notes: readonly Note[];
}

/**
 * The fewest passes whose result equals doing the steps one after another. Decoding joins the first pass when that is
 * sharp's, encoding the last. One thing is not bit for bit the same: a resize that comes first, or is moved there (see
 * `resizeFirst`), shrinks a jpeg or webp while it is decoded, which differs by a level or two on average.
 */
export function planPasses(steps: readonly BoundStep[], facts: PictureFacts, ends: PlanEnds): PassPlan {
  const { operations, notes } = rewrite(steps.flatMap(operationsOf), facts, ends.from);
  const passes: Pass[] = [];
  let current:
    | { kind: Pass["kind"]; operations: PlannedOperation[]; because: string | undefined }
    | undefined;
  if (ends.from === "source") current = { kind: "sharp", operations: [], because: undefined };
  let { alpha } = facts;
  // Taking as much as fits into each pass is optimal: whatever can share a pass still can when the pass is shorter.
  for (const next of operations) {
    const because =
      current === undefined
        ? undefined
        : whyNotContinue(current, next, { ...facts, alpha }, passes.length === 0, ends);
    if (current === undefined || because !== undefined) {
      if (current !== undefined) passes.push(current);
      current = { kind: runsInSharp(next.operation) ? "sharp" : "pixels", operations: [], because };
    }
    current.operations.push(next);
    alpha = alphaAfter(next.operation, alpha);
  }
  if (current !== undefined) passes.push(current);
  if (ends.to === "encoded" && passes.at(-1)?.kind !== "sharp") {
    passes.push({ kind: "sharp", operations: [], because: undefined });
  }
  return { passes, notes };
}

function operationsOf(step: BoundStep): PlannedOperation[] {
  const { filter: name, params, operations } = step;
  return operations
    .filter(({ kind }) => kind !== "nothing")
    .map((operation, index) => ({ operation, name, key: `${name}#${index}:${JSON.stringify(params)}` }));
}

function whyNotContinue(
  pass: { kind: Pass["kind"]; operations: readonly PlannedOperation[] },
  next: PlannedOperation,
  facts: PictureFacts,
  isFirst: boolean,
  ends: PlanEnds,
): string | undefined {
  if (pass.kind === "sharp")
    return whyNotJoin(pass.operations, next, facts, isFirst && ends.from === "source");
  return runsOnPixels(next.operation, facts) ? undefined : "it is an operation of sharp";
}

/** An operation of sharp may have kernels that do the same where there is no alpha. */
function runsOnPixels(operation: Operation, { alpha }: PictureFacts): boolean {
  if (operation.kind === "chain") return operation.kernels !== undefined && !alpha;
  return !runsInSharp(operation);
}
