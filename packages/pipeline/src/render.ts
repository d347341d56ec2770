import type { RawImage } from "@imgq/filters";
import { decodeFrames, encodeFrames, filterFrames } from "./animation.ts";
import type { PictureFacts } from "./pass.ts";
import { planPasses } from "./plan.ts";
import { type Picture, type RunSettings, runToFile, runToPixels } from "./run-passes.ts";
import { type Job, type RenderedJob, renderVariants } from "./render-variants.ts";
import type { SourceImage } from "./source-image.ts";

export interface Jobs {
  readonly main: Job;
  readonly variants: readonly Job[];
}

/** Makes every output of a task of one decode, the task's own first. */
export async function render(
  source: SourceImage,
  jobs: Jobs,
  settings: RunSettings,
): Promise<readonly RenderedJob[]> {
  if (source.frames > 1) return renderFrames(source, jobs, settings);
  const { main, variants } = jobs;
  const picture: Picture = { kind: "source", source };
  if (variants.length === 0) {
    const { passes } = planPasses(main.steps, factsOf(source), { from: "source", to: "encoded" });
    return [{ job: main, file: await runToFile(picture, passes, main.encode, settings) }];
  }
  const { passes } = planPasses(main.steps, factsOf(source), { from: "source", to: "pixels" });
  const base = await runToPixels(picture, passes, settings);
  return renderVariants(base, [{ ...main, steps: [] }, ...variants], settings);
}

/** Decodes a picture, upright and in 8-bit sRGB or grey. */
export function decode(source: SourceImage, settings: RunSettings): Promise<RawImage> {
  const { passes } = planPasses([], factsOf(source), { from: "source", to: "pixels" });
  return runToPixels({ kind: "source", source }, passes, settings);
}

/** Frames are filtered one by one, so that no neighbourhood reaches into the next frame. */
async function renderFrames(
  source: SourceImage,
  { main, variants }: Jobs,
  settings: RunSettings,
): Promise<readonly RenderedJob[]> {
  const base = await filterFrames(await decodeFrames(source, settings), main.steps, settings);
  const rendered: RenderedJob[] = [];
  for (const job of [{ ...main, steps: [] }, ...variants]) {
    const frames = await filterFrames(base, job.steps, settings);
    rendered.push({ job, file: await encodeFrames(frames, source, job.encode, settings) });
  }
  return rendered;
}

function factsOf(source: SourceImage): PictureFacts {
  const { hasAlpha: alpha, grey, plain, oriented, format, width, height } = source;
  return { alpha, grey, plain, oriented, format, size: { width, height } };
}
