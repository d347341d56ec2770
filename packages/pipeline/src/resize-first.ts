import type { OrientOperation, ResizeOperation, Size } from "@imgq/filters";
import { composeOrientations, inverseOrientation, orientedSize } from "./orientation.ts";
import type { PictureFacts, PlannedOperation } from "./pass.ts";
import type { Note, Rewritten } from "./simplify.ts";

/** sharp decodes a jpeg small from this shrink on: below, libjpeg would round sizes otherwise than libvips. */
const LEAST_SHRINK = 3;

/**
 * Moves the first resize in front of turns, mirrors and what makes a picture grey, where that lets a jpeg or webp be
 * decoded small: several times faster, and like decoding small not bit for bit the same. Exact arithmetic would give the
 * same pixels in either order; what differs is where libvips rounds, clamps and begins to count.
 */
export function resizeFirst(operations: readonly PlannedOperation[], facts: PictureFacts): Rewritten {
  const unchanged = { operations, notes: [] };
  const at = operations.findIndex(({ operation }) => operation.kind === "resize");
  const resize = operations[at];
  if (resize?.operation.kind !== "resize" || at === 0) return unchanged;
  // Which of two near pixels "nearest" takes depends on where it begins to count.
  if (!decodesSmall(facts) || resize.operation.kernel === "nearest") return unchanged;
  const before = operations.slice(0, at);
  const barrier = before.find((planned) => !commutes(planned, facts));
  if (barrier !== undefined) return { operations, notes: decodedWhole(resize.operation, barrier, facts) };
  const orient = before.reduce<OrientOperation>(
    (turned, { operation }) =>
      operation.kind === "orient" ? composeOrientations(turned, operation) : turned,
    { kind: "orient", flop: false, quarterTurns: 0 },
  );
  const moved = resizeBefore(orient, resize.operation);
  if (facts.size === undefined || shrinkOf(facts.size, moved.target(facts.size)) < LEAST_SHRINK)
    return unchanged;
  const names = before.map(({ name }) => name).join(", ");
  return {
    operations: [{ ...resize, operation: moved }, ...before, ...operations.slice(at + 1)],
    notes: [`${resize.name} is done before ${names}, so that the picture is decoded small`],
  };
}

/** For a person who wonders why a small picture takes long. */
function decodedWhole(resize: ResizeOperation, { name }: PlannedOperation, { size }: PictureFacts): Note[] {
  if (size === undefined || shrinkOf(size, resize.target(size)) < LEAST_SHRINK) return [];
  return [
    `the picture is decoded whole, because ${name} comes before the resize; resize first where you can`,
  ];
}

function decodesSmall({ format }: PictureFacts): boolean {
  return format === "jpeg" || format === "webp";
}

function commutes({ operation }: PlannedOperation, { alpha, plain }: PictureFacts): boolean {
  if (operation.kind === "orient") return true;
  // Scaling weighs colours by alpha; and what is not sRGB yet is converted before it is made grey.
  if (operation.kind !== "pixels" || alpha || !plain) return false;
  return operation.kernels?.every((kernel) => kernel.kind === "point" && kernel.averages === true) === true;
}

/** The resize that, done before `orient`, makes the size that `resize` makes after it. */
function resizeBefore(orient: OrientOperation, resize: ResizeOperation): ResizeOperation {
  const back = inverseOrientation(orient);
  return {
    ...resize,
    target: (size) => orientedSize(back, resize.target(orientedSize(orient, size))),
  };
}

function shrinkOf(from: Size, to: Size): number {
  return Math.min(from.width / to.width, from.height / to.height);
}
