import type { BoundStep, ResizeKernel, ResizeOperation, Size } from "@imgq/filters";

/** How much larger than its target a picture is that may stand in for the whole one. */
const LEAST_SHRINK = 2;

/** Kernels that leave no difference of a level on average when they are applied twice instead of once. */
const repeatable: ReadonlySet<ResizeKernel> = new Set(["cubic", "mitchell", "lanczos2", "lanczos3"]);

/** How one of several outputs of the same pixels is made. */
export interface VariantPlan {
  /** The number of the variant whose scaled picture it is scaled from; undefined: from the pixels they all share. */
  readonly from: number | undefined;
  /** Whether others are scaled from what its first resize makes. */
  readonly isShared: boolean;
  /** Its steps, to be applied to what `from` says. */
  readonly steps: readonly BoundStep[];
}

/**
 * Decides which variants are scaled from another, larger one instead of from all the pixels: those that begin with a
 * resize, from the smallest that begins with a resize by the same kernel, is at least twice as large in both directions, and has
 * at most a quarter of all the pixels, so that it pays. Like decoding small it is not bit for bit the same: less than a level on
 * average.
 */
export function shareScaling(
  variants: readonly (readonly BoundStep[])[],
  size: Size | undefined,
): readonly VariantPlan[] {
  const resizes = variants.map((steps) => (size === undefined ? undefined : leadingResize(steps, size)));
  const sources = resizes.map((resize) => (size === undefined ? undefined : sourceOf(resize, resizes, size)));
  return variants.map((steps, index) => {
    const from = sources[index];
    const resize = resizes[index];
    return {
      from,
      isShared: sources.includes(index),
      // From a smaller picture the size must not be worked out anew: it would round otherwise.
      steps: from === undefined || resize === undefined ? steps : withTarget(steps, resize.target),
    };
  });
}

/** The steps in two: the first resize alone, and all that follows. For steps that begin with one. */
export function splitAtResize(steps: readonly BoundStep[]): {
  readonly scale: readonly BoundStep[];
  readonly rest: readonly BoundStep[];
} {
  const at = indexOfFirst(steps);
  const first = steps[at];
  if (first === undefined) return { scale: [], rest: steps };
  const [scale, ...others] = acting(first);
  if (scale === undefined) return { scale: [], rest: steps };
  return {
    scale: [{ ...first, operations: [scale] }],
    rest: [{ ...first, operations: others }, ...steps.slice(at + 1)],
  };
}

interface Scaling {
  readonly kernel: ResizeKernel;
  readonly target: Size;
}

/** What steps scale a picture to before they do anything else. */
function leadingResize(steps: readonly BoundStep[], size: Size): Scaling | undefined {
  const operation = steps.flatMap(acting)[0];
  if (operation?.kind !== "resize" || !repeatable.has(operation.kernel)) return undefined;
  return { kernel: operation.kernel, target: operation.target(size) };
}

function sourceOf(
  resize: Scaling | undefined,
  resizes: readonly (Scaling | undefined)[],
  size: Size,
): number | undefined {
  if (resize === undefined) return undefined;
  let best: { readonly index: number; readonly pixels: number } | undefined;
  for (const [index, other] of resizes.entries()) {
    if (other?.kernel !== resize.kernel || !isFarLarger(other.target, resize.target)) continue;
    const pixels = pixelsOf(other.target);
    const isWithin = other.target.width <= size.width && other.target.height <= size.height;
    if (!isWithin || pixels * LEAST_SHRINK ** 2 > pixelsOf(size)) continue;
    if (best === undefined || pixels < best.pixels) best = { index, pixels };
  }
  return best?.index;
}

function isFarLarger(one: Size, other: Size): boolean {
  // Half of a picture 533 pixels high is 267 pixels high.
  return one.width + 1 >= LEAST_SHRINK * other.width && one.height + 1 >= LEAST_SHRINK * other.height;
}

function pixelsOf({ width, height }: Size): number {
  return width * height;
}

/** The steps with the size that their first resize makes set for good. */
function withTarget(steps: readonly BoundStep[], target: Size): readonly BoundStep[] {
  const at = indexOfFirst(steps);
  return steps.map((step, index) => {
    if (index !== at) return step;
    const [first, ...others] = acting(step);
    if (first?.kind !== "resize") return step;
    const scale: ResizeOperation = { ...first, target: () => target };
    return { ...step, operations: [scale, ...others] };
  });
}

function indexOfFirst(steps: readonly BoundStep[]): number {
  return steps.findIndex((step) => acting(step).length > 0);
}

function acting({ operations }: BoundStep): BoundStep["operations"] {
  return operations.filter(({ kind }) => kind !== "nothing");
}
