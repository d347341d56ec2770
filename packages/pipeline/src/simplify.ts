import type { CropOperation, Operation, ToneOperation } from "@imgq/filters";
import { composeOrientations, cropAfter, cropBefore, isUpright } from "./orientation.ts";
import type { PlannedOperation } from "./pass.ts";

/** A rewriting that changed no pixel, as a sentence for people. */
export type Note = string;

/** What is done instead of the steps as they were written, and what was rewritten. */
export interface Rewritten {
  readonly operations: readonly PlannedOperation[];
  readonly notes: readonly Note[];
}

/**
 * Applies algebra that is exact: runs of tones become one table, runs of turns and mirrors one orientation, runs of crops
 * one crop; what is done twice and need not be is done once; crops and turns move before what treats every pixel alike.
 */
export function simplify(operations: readonly PlannedOperation[]): Rewritten {
  const notes: Note[] = [];
  const done: PlannedOperation[] = [];
  for (const operation of operations) push(done, operation, notes);
  return { operations: done, notes };
}

function push(done: PlannedOperation[], next: PlannedOperation, notes: Note[]): void {
  const last = done.at(-1);
  if (last === undefined) {
    done.push(next);
    return;
  }
  const merged = merge(last, next);
  if (merged !== undefined) {
    done.pop();
    if (merged.operation.kind === "nothing") notes.push(`${merged.name} cancel each other out`);
    else {
      notes.push(`${merged.name} are done as one`);
      push(done, merged, notes);
    }
    return;
  }
  const swapped = swap(done.at(-2), last, next);
  if (swapped === undefined) {
    done.push(next);
    return;
  }
  const [first, second] = swapped;
  notes.push(`${first.name} is done before ${second.name}, which changes nothing in the result`);
  done.pop();
  push(done, first, notes);
  push(done, second, notes);
}

/** One operation that equals two, or undefined. */
function merge(first: PlannedOperation, second: PlannedOperation): PlannedOperation | undefined {
  const operation = mergeOperations(first, second);
  if (operation === undefined) return undefined;
  return { operation, name: `${first.name} + ${second.name}`, key: `${first.key}+${second.key}` };
}

function mergeOperations(first: PlannedOperation, second: PlannedOperation): Operation | undefined {
  const [one, two] = [first.operation, second.operation];
  if (one.kind === "tone" && two.kind === "tone") return composeTones(one, two);
  if (one.kind === "crop" && two.kind === "crop") return composeCrops(one, two);
  if (one.kind === "orient" && two.kind === "orient") {
    const composed = composeOrientations(one, two);
    return isUpright(composed) ? { kind: "nothing" } : composed;
  }
  if (one.kind === "pixels" && two.kind === "pixels" && one.idempotent === true && first.key === second.key)
    return one;
  return undefined;
}

function composeTones(first: ToneOperation, second: ToneOperation): Operation {
  const table = first.table.map((value) => second.table[value] ?? 0);
  return table.every((value, sample) => value === sample) ? { kind: "nothing" } : { kind: "tone", table };
}

function composeCrops(first: CropOperation, second: CropOperation): CropOperation {
  return {
    kind: "crop",
    region: (size) => {
      const outer = first.region(size);
      const inner = second.region(outer);
      return { ...inner, left: outer.left + inner.left, top: outer.top + inner.top };
    },
  };
}

/** Two operations in the other order with the same result, when that order is the better one. */
function swap(
  before: PlannedOperation | undefined,
  last: PlannedOperation,
  next: PlannedOperation,
): [PlannedOperation, PlannedOperation] | undefined {
  const [one, two] = [last.operation, next.operation];
  if (isPointwise(one) && (two.kind === "crop" || two.kind === "orient")) return [next, last];
  // After a resize sharp turns, then crops; without one it crops, then turns.
  const afterResize = before?.operation.kind === "resize";
  if (one.kind === "orient" && two.kind === "crop" && !afterResize) {
    return [{ ...next, operation: cropBefore(one, two) }, last];
  }
  if (one.kind === "crop" && two.kind === "orient" && afterResize) {
    return [next, { ...last, operation: cropAfter(two, one) }];
  }
  return undefined;
}

/** Whether every pixel is made of the one in its place alone, so that pixels may be moved or left out before. */
function isPointwise(operation: Operation): boolean {
  if (operation.kind === "tone") return true;
  return operation.kind === "pixels" && operation.kernels?.every(({ kind }) => kind === "point") === true;
}
