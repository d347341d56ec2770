import { alphaAfter } from "./alpha-after.ts";
import type { PictureFacts, PlannedOperation } from "./pass.ts";
import { resizeFirst } from "./resize-first.ts";
import { type Note, type Rewritten, simplify } from "./simplify.ts";

/** The operations in the form and order that is done fastest. */
export function rewrite(
  written: readonly PlannedOperation[],
  facts: PictureFacts,
  from: "source" | "pixels",
): Rewritten {
  const needed = withoutIdle(written, facts);
  const simple = simplify(needed.operations);
  if (from === "pixels") return { ...simple, notes: [...needed.notes, ...simple.notes] };
  const moved = resizeFirst(simple.operations, facts);
  // What belonged to the resize, as the crop of one that covers, is behind what was before it now.
  const final = simplify(moved.operations);
  return { ...final, notes: [...needed.notes, ...simple.notes, ...moved.notes, ...final.notes] };
}

/** Leaves out what only concerns transparency where there is none. */
function withoutIdle(operations: readonly PlannedOperation[], facts: PictureFacts): Rewritten {
  const kept: PlannedOperation[] = [];
  const notes: Note[] = [];
  let { alpha } = facts;
  for (const planned of operations) {
    if (!alpha && isForAlphaOnly(planned)) {
      notes.push(`${planned.name} is left out, as the picture is opaque`);
      continue;
    }
    kept.push(planned);
    alpha = alphaAfter(planned.operation, alpha);
  }
  return { operations: kept, notes };
}

function isForAlphaOnly({ operation }: PlannedOperation): boolean {
  if (operation.kind !== "pixels") return false;
  return operation.kernels?.every((kernel) => kernel.kind === "point" && kernel.alphaOnly === true) === true;
}
