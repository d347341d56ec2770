import type { BoundStep, Operation, PossibleChannels } from "@imgq/filters";
import { channelsAfter } from "./channels-after.ts";
import { inSharp, whyNotJoin } from "./join.ts";
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
  let current: OpenPass | undefined;
  if (ends.from === "source") current = { kind: "sharp", operations: [], because: undefined };
  let channels: PossibleChannels = facts;
  // Taking as much as fits into each pass is optimal: whatever can share a pass still can when the pass is shorter.
  for (const [index, next] of operations.entries()) {
    const now = { ...facts, ...channels };
    const because =
      current && whyNotContinue(current, next, now, passes.length === 0 && ends.from === "source");
    if (current === undefined || because !== undefined) {
      if (current !== undefined) passes.push(current);
      current = { kind: kindFor(operations.slice(index), now, ends), operations: [], because };
    }
    current.operations.push(current.kind === "sharp" ? (inSharp(next, now) ?? next) : next);
    channels = channelsAfter(next.operation, channels);
  }
  if (current !== undefined) passes.push(current);
  if (ends.to === "encoded" && passes.at(-1)?.kind !== "sharp") {
    passes.push({ kind: "sharp", operations: [], because: undefined });
  }
  return { passes, notes };
}

/** A pass that may still grow. */
interface OpenPass extends Pass {
  readonly operations: PlannedOperation[];
}

function operationsOf(step: BoundStep): PlannedOperation[] {
  const { filter: name, params, operations } = step;
  return operations
    .filter(({ kind }) => kind !== "nothing")
    .map((operation, index) => ({ operation, name, key: `${name}#${index}:${JSON.stringify(params)}` }));
}

/** What a new pass is run by: where the first operations leave the choice, what the next one or the end of the plan needs. */
function kindFor(operations: readonly PlannedOperation[], facts: PictureFacts, ends: PlanEnds): Pass["kind"] {
  let channels: PossibleChannels = facts;
  for (const planned of operations) {
    if (inSharp(planned, channels) === undefined) return "pixels";
    if (!runsOnPixels(planned.operation, channels)) return "sharp";
    channels = channelsAfter(planned.operation, channels);
  }
  return ends.to === "encoded" ? "sharp" : "pixels";
}

function whyNotContinue(
  { kind, operations }: Pass,
  next: PlannedOperation,
  facts: PictureFacts,
  fromSource: boolean,
): string | undefined {
  if (kind === "pixels")
    return runsOnPixels(next.operation, facts) ? undefined : "it is an operation of sharp";
  const joining = inSharp(next, facts);
  return joining === undefined
    ? "it works on raw pixels"
    : whyNotJoin(operations, joining, facts, fromSource);
}

/** An operation of sharp may have kernels that do the same where there is no alpha. */
function runsOnPixels(operation: Operation, { alpha }: PossibleChannels): boolean {
  if (operation.kind === "chain") return operation.kernels !== undefined && !alpha;
  return operation.kind === "pixels" || operation.kind === "tone";
}
