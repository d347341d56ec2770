import type { BoundStep, RawImage } from "@imgq/filters";
import sharp from "sharp";
import { applyEncode, type ResolvedEncode } from "./encode-options.ts";
import { OperationFailedError } from "./errors.ts";
import { factsOfPixels } from "./pass.ts";
import { planPasses } from "./plan.ts";
import { type EncodedImage, type RunSettings, runToFile, runToPixels, timed } from "./run-passes.ts";
import { type SourceImage, unreadable } from "./source-image.ts";

/** The frames of an animation, each of the same size and channels. */
export type Frames = readonly [RawImage, ...RawImage[]];

/** Decodes every frame, composed as it is shown. */
export function decodeFrames(source: SourceImage, settings: RunSettings): Promise<Frames> {
  return timed(settings, `decode ${source.frames} frames`, async () => {
    try {
      const chain = sharp(source.bytes, source.open).raw({ depth: "uchar" });
      const { data, info } = await chain.toBuffer({ resolveWithObject: true });
      return split({ data, width: info.width, height: info.height, channels: info.channels }, source.frames);
    } catch (error) {
      throw unreadable(source.path, source.bytes, error);
    }
  });
}

/** Runs steps over each frame by itself. */
export async function filterFrames(
  frames: Frames,
  steps: readonly BoundStep[],
  settings: RunSettings,
): Promise<Frames> {
  if (steps.length === 0) return frames;
  const [first, ...others] = frames;
  const { passes } = planPasses(steps, factsOfPixels(first), { from: "pixels", to: "pixels" });
  const names = steps.map(({ filter }) => filter).join(" → ");
  return timed(settings, `${names}, ${frames.length} frames`, async () => {
    const quiet = { ...settings, timings: [] };
    const filtered: [RawImage, ...RawImage[]] = [
      await runToPixels({ kind: "pixels", pixels: first }, passes, quiet),
    ];
    for (const pixels of others) filtered.push(await runToPixels({ kind: "pixels", pixels }, passes, quiet));
    refuseUnlike(filtered, names, settings);
    return filtered;
  });
}

/** Encodes all frames where the format is animated, else the first. */
export function encodeFrames(
  frames: Frames,
  source: SourceImage,
  encode: ResolvedEncode,
  settings: RunSettings,
): Promise<EncodedImage> {
  const [first] = frames;
  const { width, height, channels } = first;
  if (encode.format !== "gif" && encode.format !== "webp") {
    const { passes } = planPasses([], factsOfPixels(first), { from: "pixels", to: "encoded" });
    return runToFile({ kind: "pixels", pixels: first }, passes, encode, settings);
  }
  return timed(settings, `encode ${frames.length} frames`, async () => {
    const raw = { width, height: height * frames.length, channels, pageHeight: height };
    const strip = Buffer.concat(frames.map(({ data }) => data));
    const chain = applyEncode(sharp(strip, { raw, limitInputPixels: false }), encode, source.animation);
    const { data } = await chain.toBuffer({ resolveWithObject: true });
    return { bytes: data, width, height, frames: frames.length };
  });
}

function split({ data, width, height, channels }: RawImage, count: number): Frames {
  const frameHeight = height / count;
  const size = data.length / count;
  const frame = (index: number): RawImage => {
    return { data: data.subarray(index * size, (index + 1) * size), width, height: frameHeight, channels };
  };
  return [frame(0), ...Array.from({ length: count - 1 }, (_, index) => frame(index + 1))];
}

function refuseUnlike([first, ...others]: Frames, names: string, settings: RunSettings): void {
  const alike = others.every(
    ({ data, width, height }) =>
      data.length === first.data.length && width === first.width && height === first.height,
  );
  if (alike) return;
  const cause = new Error(
    "it made frames of different sizes. Leave out what depends on the picture, such as trim",
  );
  throw new OperationFailedError(settings.input, names, cause);
}
