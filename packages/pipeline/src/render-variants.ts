import type { BoundStep, RawImage } from "@imgq/filters";
import type { ResolvedEncode } from "./encode-options.ts";
import { factsOfPixels } from "./pass.ts";
import { planPasses } from "./plan.ts";
import { type EncodedImage, type RunSettings, runToFile, runToPixels } from "./run-passes.ts";
import { shareScaling, splitAtResize } from "./share-scaling.ts";

/** One output of a task, everything about it checked. */
export interface Job {
  readonly output: string;
  readonly target: string;
  readonly steps: readonly BoundStep[];
  readonly encode: ResolvedEncode;
}

export interface RenderedJob {
  readonly job: Job;
  readonly file: EncodedImage;
}

/** Makes several outputs of the same pixels, in their order; small ones from larger ones where `shareScaling` says so. */
export async function renderVariants(
  base: RawImage,
  jobs: readonly Job[],
  settings: RunSettings,
): Promise<readonly RenderedJob[]> {
  const shared = new SharedPictures(base, jobs, settings);
  const rendered: RenderedJob[] = [];
  for (const [index, job] of jobs.entries()) {
    const { pixels, steps } = await shared.begin(index);
    const { passes } = planPasses(steps, factsOfPixels(pixels), { from: "pixels", to: "encoded" });
    rendered.push({ job, file: await runToFile({ kind: "pixels", pixels }, passes, job.encode, settings) });
  }
  return rendered;
}

/** The pixels that outputs begin with: those of the whole picture, and scaled ones, made when they are first needed. */
class SharedPictures {
  readonly #base: RawImage;
  readonly #plans: ReturnType<typeof shareScaling>;
  readonly #settings: RunSettings;
  readonly #scaled = new Map<number, RawImage>();

  constructor(base: RawImage, jobs: readonly Job[], settings: RunSettings) {
    this.#base = base;
    this.#plans = shareScaling(
      jobs.map(({ steps }) => steps),
      base,
    );
    this.#settings = settings;
  }

  /** What an output begins with, and what is left to do to it. */
  async begin(index: number): Promise<{ readonly pixels: RawImage; readonly steps: readonly BoundStep[] }> {
    const { from, isShared, steps } = this.#planOf(index);
    if (isShared) return { pixels: await this.#scaledBy(index), steps: splitAtResize(steps).rest };
    return { pixels: await this.#scaledBy(from), steps };
  }

  async #scaledBy(index: number | undefined): Promise<RawImage> {
    if (index === undefined) return this.#base;
    const known = this.#scaled.get(index);
    if (known !== undefined) return known;
    const { from, steps } = this.#planOf(index);
    const input = await this.#scaledBy(from);
    const plan = planPasses(splitAtResize(steps).scale, factsOfPixels(input), {
      from: "pixels",
      to: "pixels",
    });
    const pixels = await runToPixels({ kind: "pixels", pixels: input }, plan.passes, this.#settings);
    this.#scaled.set(index, pixels);
    return pixels;
  }

  #planOf(index: number): ReturnType<typeof shareScaling>[number] {
    const plan = this.#plans[index];
    if (plan === undefined) throw new Error(`There is no output ${index}.`);
    return plan;
  }
}
