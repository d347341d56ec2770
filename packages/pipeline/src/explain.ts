import type { BoundStep, PossibleChannels, Size } from "@imgq/filters";
import { channelsAfter } from "./channels-after.ts";
import { passTitle } from "./pass-title.ts";
import type { Pass, PictureFacts } from "./pass.ts";
import { type PassPlan, planPasses } from "./plan.ts";
import { shareScaling, splitAtResize, type VariantPlan } from "./share-scaling.ts";
import { sizeAfter } from "./size-after.ts";

/** One go over the pixels. */
export interface PlannedPass {
  /** `sharp`: one chain of libvips. `pixels`: WebAssembly kernels or a custom filter on raw pixels. */
  readonly kind: "sharp" | "pixels";
  /** In a line: `decode → resize → blur → encode`. */
  readonly title: string;
  /** Names of the filters it does; several that became one are joined by ` + `. */
  readonly steps: readonly string[];
  /** Why its first step could not join the pass before. */
  readonly because?: string;
}

/** How one output is made. */
interface OutputPlan {
  readonly passes: readonly PlannedPass[];
  /** What was rewritten, and whether that changes the result. */
  readonly notes: readonly string[];
}

/** How a variant is made of the pixels that the task's own steps leave. */
export interface PlannedVariant extends OutputPlan {
  /** Its number, from 1. */
  readonly variant: number;
  /** The variant whose scaled picture it is scaled from, instead of from all pixels. */
  readonly from?: number;
}

/** How a list of steps is run. JSON throughout. */
export interface Plan extends OutputPlan {
  /** Of the task's variants, when they were given. */
  readonly variants: readonly PlannedVariant[];
  /** All of it for people, a line a pass. */
  readonly text: string;
}

/** A photograph of 24 million pixels, as cameras make them. */
const photograph: PictureFacts = {
  alpha: false,
  grey: false,
  plain: true,
  oriented: false,
  format: "jpeg",
  size: { width: 6000, height: 4000 },
};

/** The plan for a picture; by default a jpeg of 6000 × 4000: opaque, upright, 8-bit sRGB. */
export function explainSteps(
  steps: readonly BoundStep[],
  facts: Partial<PictureFacts> = {},
  variants: readonly (readonly BoundStep[])[] = [],
): Plan {
  const assumed: PictureFacts = { ...photograph, ...facts };
  // Of several outputs, pixels are kept and the task's own is encoded apart.
  const single = variants.length === 0;
  const own = planPasses(steps, assumed, { from: "source", to: single ? "encoded" : "pixels" });
  const main = describe(own, { decodes: true, encodes: single });
  const planned = planVariants(steps, assumed, variants);
  const lines = [
    ...numbered(main),
    ...planned.flatMap((variant) => [headOf(variant), ...numbered(variant).map((line) => `   ${line}`)]),
  ];
  return { ...main, variants: planned, text: lines.join("\n") };
}

function planVariants(
  steps: readonly BoundStep[],
  facts: PictureFacts,
  variants: readonly (readonly BoundStep[])[],
): readonly PlannedVariant[] {
  const operations = steps.flatMap((step) => step.operations);
  const size = operations.reduce<Size | undefined>(
    (current, operation) => (current === undefined ? undefined : sizeAfter(operation, current)),
    facts.size,
  );
  const channels = operations.reduce<PossibleChannels>(
    (current, operation) => channelsAfter(operation, current),
    facts,
  );
  return shareScaling(variants, size).map(
    (plan, index): PlannedVariant => ({
      variant: index + 1,
      ...(plan.from === undefined ? {} : { from: plan.from + 1 }),
      ...describe(planVariant(plan, channels), { decodes: false, encodes: true }),
    }),
  );
}

function planVariant({ steps, isShared }: VariantPlan, { alpha, grey }: PossibleChannels): PassPlan {
  const facts = { alpha, grey, plain: true, oriented: false };
  if (!isShared) return planPasses(steps, facts, { from: "pixels", to: "encoded" });
  const { scale, rest } = splitAtResize(steps);
  const scaled = planPasses(scale, facts, { from: "pixels", to: "pixels" });
  const others = planPasses(rest, facts, { from: "pixels", to: "encoded" });
  const [first, ...later] = others.passes;
  const because = "smaller variants are scaled from here";
  const continued = first === undefined ? [] : [{ ...first, because: first.because ?? because }];
  return {
    passes: [...scaled.passes, ...continued, ...later],
    notes: [...scaled.notes, ...others.notes],
  };
}

function describe(
  plan: { readonly passes: readonly Pass[]; readonly notes: readonly string[] },
  ends: { readonly decodes: boolean; readonly encodes: boolean },
): OutputPlan {
  const last = plan.passes.length - 1;
  const passes = plan.passes.map((pass, index): PlannedPass => {
    const title = passTitle(pass, {
      decodes: ends.decodes && index === 0,
      encodes: ends.encodes && index === last,
    });
    const because = pass.because === undefined ? {} : { because: pass.because };
    return { kind: pass.kind, title, steps: pass.operations.map(({ name }) => name), ...because };
  });
  return { passes, notes: plan.notes };
}

function numbered({ passes, notes }: OutputPlan): string[] {
  const lines = passes.map(({ kind, title, because }, index) => {
    const reason = because === undefined ? "" : `, because ${because}`;
    return `${index + 1}. ${title} (${kind === "sharp" ? "one chain of sharp" : "on raw pixels"}${reason})`;
  });
  return [...lines, ...notes.map((note) => `   ${note}`)];
}

function headOf({ variant, from }: PlannedVariant): string {
  return from === undefined ? `variant ${variant}:` : `variant ${variant}, from the scaled variant ${from}:`;
}
