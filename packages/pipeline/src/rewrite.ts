import type { PossibleChannels } from "@imgq/filters";
import type { PointKernel } from "@imgq/filters/kernels";
import { channelsAfter } from "./channels-after.ts";
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

/** Leaves out what only concerns transparency or greys where there are none. */
function withoutIdle(operations: readonly PlannedOperation[], facts: PictureFacts): Rewritten {
  const kept: PlannedOperation[] = [];
  const notes: Note[] = [];
  let channels: PossibleChannels = facts;
  for (const planned of operations) {
    const only = onlyFor(planned);
    if (only === "grey" && !channels.grey) continue;
    if (only === "alpha" && !channels.alpha) {
      notes.push(`${planned.name} is left out, as the picture is opaque`);
      continue;
    }
    kept.push(planned);
    channels = channelsAfter(planned.operation, channels);
  }
  return { operations: kept, notes };
}

/** The kind of picture that all of an operation's kernels are for; undefined when it changes others too. */
function onlyFor({ operation }: PlannedOperation): PointKernel["only"] {
  if (operation.kind !== "pixels") return undefined;
  const [only, ...others] = new Set(
    operation.kernels?.map((kernel) => (kernel.kind === "point" ? kernel.only : undefined)),
  );
  return others.length === 0 ? only : undefined;
}
