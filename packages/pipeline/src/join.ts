import { type Operation, type PossibleChannels, type SharpSlot, sharpSlots } from "@imgq/filters";
import { isFlip } from "./orientation.ts";
import type { PictureFacts, PlannedOperation } from "./pass.ts";

/** Slots whose neighbourhoods sharp computes on colours multiplied by alpha. */
const premultiplying: ReadonlySet<SharpSlot> = new Set(["resize", "blur", "convolve", "sharpen"]);

/** Slots that sharp runs on multiplied colours when one of the above is in the chain, and on plain ones otherwise. */
const affectedByPremultiplying: ReadonlySet<SharpSlot> = new Set([
  "rotate",
  "affine",
  "median",
  "threshold",
  "dilate",
  "erode",
  "unflatten",
  "recomb",
  "modulate",
]);

/**
 * Why `next`, in the form for sharp, cannot join a pass of sharp that does `operations`, as a clause; undefined when it can: when sharp's fixed
 * order, in one chain, computes the same pixels as one chain each.
 */
export function whyNotJoin(
  operations: readonly PlannedOperation[],
  next: PlannedOperation,
  facts: PictureFacts,
  fromSource: boolean,
): string | undefined {
  const { operation } = next;
  if (fromSource && !facts.plain && !isGeometry(operation))
    return "the picture is converted to 8-bit sRGB first";
  const slots = slotsOf(operation, operations);
  if (slots.length === 0) {
    return operations.length > 0 || fromSource ? "it does not declare where in sharp it acts" : undefined;
  }
  if (fromSource && facts.oriented && slots.includes("trim"))
    return "sharp would trim before it turns the picture upright";
  const last = operations.at(-1);
  if (last === undefined) return undefined;
  if (operation.kind === "chain" && operation.size === "unknown" && operations.some(isCrop)) {
    return "sharp does not tell how large it leaves the picture after a crop";
  }
  return whyNotAfter(last) ?? whyNotInOrder(operations, slots) ?? whyNotWithAlpha(operations, next, facts);
}

/** An operation in the form in which sharp does it; undefined when this picture must be raw pixels for it. */
export function inSharp(planned: PlannedOperation, picture: PossibleChannels): PlannedOperation | undefined {
  const { operation } = planned;
  if (operation.kind !== "pixels" && operation.kind !== "tone") return planned;
  const form = operation.sharp;
  if (form === undefined || form.only?.(picture) === false) return undefined;
  return { ...planned, operation: { kind: "chain", ...form } };
}

function isCrop({ operation }: PlannedOperation): boolean {
  return operation.kind === "crop";
}

function isGeometry({ kind }: Operation): boolean {
  return kind === "resize" || kind === "crop" || kind === "orient";
}

/** The slots an operation takes when it joins a pass that does `before`. */
function slotsOf(operation: Operation, before: readonly PlannedOperation[]): readonly SharpSlot[] {
  switch (operation.kind) {
    case "resize":
      return ["resize"];
    case "orient":
      // sharp keeps one angle: turning by another one later would undo a quarter turn.
      return operation.quarterTurns === 0 || isFlip(operation) ? ["orient"] : ["orient", "rotate"];
    case "crop":
      return before.some((earlier) => earlier.operation.kind === "resize")
        ? ["extract"]
        : ["extract-before-resize"];
    case "chain":
      return operation.slots;
    default:
      return [];
  }
}

function whyNotAfter({ name, operation }: PlannedOperation): string | undefined {
  if (operation.kind !== "chain") return undefined;
  if (operation.slots.length === 0) return `${name} does not declare where in sharp it acts`;
  if (operation.unclamped === true) return `${name} leaves values that are not yet rounded and clamped`;
  if (operation.size === "unknown")
    return `how large ${name} leaves the picture is known only when it is done`;
  return undefined;
}

function whyNotInOrder(
  operations: readonly PlannedOperation[],
  slots: readonly SharpSlot[],
): string | undefined {
  const first = Math.min(...slots.map((slot) => sharpSlots.indexOf(slot)));
  for (const [index, { name, operation }] of operations.entries()) {
    for (const taken of slotsOf(operation, operations.slice(0, index))) {
      const place = sharpSlots.indexOf(taken);
      if (place === first) return `sharp does ${taken} once in a chain, and ${name} is it`;
      if (place > first) return `sharp would do it before ${name}`;
    }
  }
  return undefined;
}

function whyNotWithAlpha(
  operations: readonly PlannedOperation[],
  { operation: joining }: PlannedOperation,
  facts: PictureFacts,
): string | undefined {
  const slots = slotsOf(joining, operations);
  const added = operations.find(({ operation }) => addsAlpha(operation));
  const multiplies = slots.some((slot) => premultiplying.has(slot));
  // What is added half transparent would be multiplied and divided with the rest, and so rounded.
  const affected = addsAlpha(joining) || slots.some((slot) => affectedByPremultiplying.has(slot));
  if (added !== undefined && multiplies)
    return `sharp would not see the transparency that ${added.name} adds`;
  if (!facts.alpha && added === undefined) return undefined;
  for (const [index, { name, operation }] of operations.entries()) {
    const earlier = slotsOf(operation, operations.slice(0, index));
    // Two that multiply would share one multiplication, and so round once less than one after the other.
    const clash =
      (multiplies &&
        earlier.some((slot) => premultiplying.has(slot) || affectedByPremultiplying.has(slot))) ||
      (affected && earlier.some((slot) => premultiplying.has(slot)));
    if (clash) return `with transparency, ${name} would change what it computes on`;
  }
  return undefined;
}

function addsAlpha(operation: Operation): boolean {
  return operation.kind === "chain" && operation.addsAlpha === true;
}
