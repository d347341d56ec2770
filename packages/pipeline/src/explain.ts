import type { BoundStep } from "@imgq/filters";
import { passTitle } from "./pass-title.ts";
import type { PictureFacts } from "./pass.ts";
import { planPasses } from "./plan.ts";

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

/** How a list of steps is run. JSON throughout. */
export interface Plan {
  readonly passes: readonly PlannedPass[];
  /** What was rewritten without changing the result. */
  readonly notes: readonly string[];
  /** All of it for people, a line a pass. */
  readonly text: string;
}

/** The plan for a picture; by default a large jpeg: opaque, upright, 8-bit sRGB. */
export function explainSteps(steps: readonly BoundStep[], facts: Partial<PictureFacts> = {}): Plan {
  const assumed: PictureFacts = { alpha: false, plain: true, oriented: false, format: "jpeg", ...facts };
  const plan = planPasses(steps, assumed, { from: "source", to: "encoded" });
  const last = plan.passes.length - 1;
  const passes = plan.passes.map((pass, index): PlannedPass => {
    const title = passTitle(pass, { decodes: index === 0, encodes: index === last });
    const because = pass.because === undefined ? {} : { because: pass.because };
    return { kind: pass.kind, title, steps: pass.operations.map(({ name }) => name), ...because };
  });
  const lines = passes.map(({ kind, title, because }, index) => {
    const reason = because === undefined ? "" : `, because ${because}`;
    return `${index + 1}. ${title} (${kind === "sharp" ? "one chain of sharp" : "on raw pixels"}${reason})`;
  });
  return {
    passes,
    notes: plan.notes,
    text: [...lines, ...plan.notes.map((note) => `   ${note}`)].join("\n"),
  };
}
