import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ImgqError } from "@imgq/core";
import { builtinFilters, type Filter, type Step } from "@imgq/filters";
import fc from "fast-check";
import sharp, { type OutputInfo } from "sharp";
import { expect, it } from "vitest";
import { createPipeline } from "../src/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const one = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const side = fc.integer({ min: 1, max: 50 });
const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const colour = one("white", "#345", "#f00", "#0f08", "transparent");
const where = one("center", "north", "southeast", "west");

/** Parameters for every filter of the catalogue. */
const uses: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  autoOrient: fc.constant({}),
  resize: fc.record({
    width: side,
    height: side,
    fit: one("cover", "contain", "fill", "inside", "outside"),
    position: where,
    // Not "nearest": of two rows equally near, libvips takes the one that its tiles happen to favour.
    kernel: one("linear", "cubic", "lanczos3"),
    enlarge: fc.boolean(),
    background: colour,
  }),
  crop: fc.record({ width: side, height: side, left: some(fc.constant(0)), position: where }),
  smartCrop: fc.record({ width: side, height: side, strategy: one("attention", "entropy") }),
  rotate: fc.record({ angle: one(0, 90, 180, 270, 30, -8), background: colour }),
  flip: fc.constant({}),
  flop: fc.constant({}),
  trim: fc.record({ threshold: one(0, 10, 120) }),
  pad: fc.record({ top: one(0, 3), right: one(0, 1), left: one(0, 2), background: colour }),
  border: fc.record({ width: one(0, 1, 4), color: colour }),
  flatten: fc.record({ background: colour }),
  grayscale: fc.constant({}),
  brightness: fc.record({ factor: one(0, 0.5, 1, 1.7) }),
  contrast: fc.record({ factor: one(0.5, 1, 1.7) }),
  gamma: fc.record({ gamma: one(0.5, 1, 2.2) }),
  saturation: fc.record({ factor: one(0, 1, 2) }),
  hue: fc.record({ degrees: one(0, 90, -33) }),
  tint: fc.record({ color: colour }),
  sepia: fc.record({ amount: one(0, 0.5, 1) }),
  duotone: fc.record({ shadow: colour, highlight: colour }),
  negate: fc.constant({}),
  normalize: fc.record({ lower: one(0, 1, 10) }),
  equalize: fc.record({ tiles: one(1, 3), limit: one(0, 3) }),
  threshold: fc.record({ level: one(0, 100, 255) }),
  posterize: fc.record({ levels: one(2, 7, 256) }),
  channel: fc.record({ channel: one("red", "blue", "alpha") }),
  blur: fc.record({ sigma: one(0.5, 2.3) }),
  boxBlur: fc.record({ radius: one(0, 1, 4) }),
  motionBlur: fc.record({ length: one(1, 6), angle: one(0, 90, 33) }),
  median: fc.record({ size: one(1, 2, 3, 5) }),
  sharpen: fc.record({ sigma: some(one(0.8, 2)) }),
  unsharp: fc.record({ sigma: one(0.5, 2), threshold: one(0, 20) }),
  edges: fc.record({ operator: one("sobel", "scharr", "prewitt", "laplacian"), norm: one("l1", "l2") }),
  emboss: fc.record({ strength: one(0.5, 3) }),
  convolve: fc.constant({
    kernel: [
      [0, -1, 0],
      [-1, 5.5, -1],
      [0, -1, 0],
    ],
    offset: 3,
  }),
  pixelate: fc.record({ size: one(2, 5) }),
  noise: fc.record({ deviation: one(0, 20), grey: fc.boolean(), seed: one(1, 2) }),
  vignette: fc.record({ strength: one(0, 0.7) }),
  roundCorners: fc.record({ radius: one(0, 3, 100) }),
  mask: fc.record({ image: fc.constant("mark.png"), by: one("luma", "alpha"), invert: fc.boolean() }),
  watermark: fc.record({
    image: fc.constant("mark.png"),
    position: where,
    margin: one(0, 2),
    opacity: one(0.5, 1),
    tile: fc.boolean(),
    scale: some(one(0.2, 1)),
  }),
};

const filters: readonly Filter[] = builtinFilters;
const step: fc.Arbitrary<Step> = fc.oneof(
  ...filters.map((filter) =>
    (uses[filter.name] ?? fc.constant(undefined)).map((params): Step => {
      const { filter: name, params: checked } = filter.bind(params);
      return { filter: name, params: checked };
    }),
  ),
);

const picture = fc.record({
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 40 }),
  channels: one<1 | 2 | 3 | 4>(1, 2, 3, 4),
  pixels: fc.uint8Array({ minLength: 6400, maxLength: 6400 }),
});

it("has uses of every filter of the catalogue", () => {
  expect(Object.keys(uses).toSorted()).toEqual(filters.map(({ name }) => name).toSorted());
});

it("computes of any chain of built-in filters what they compute one by one, through a file each", {
  timeout: 90_000,
}, async () => {
  const seed = Number(process.env.IMGQ_SEED ?? Date.now() % 1_000_000);
  const folder = await temporaryFolder();
  const pipeline = createPipeline({ inputRoot: folder, outputRoot: folder });
  const mark = Buffer.from(Array.from({ length: 6 * 5 * 4 }, (_, at) => (at * 37) % 256));
  await sharp(mark, { raw: { width: 6, height: 5, channels: 4 } })
    .png()
    .toFile(join(folder, "mark.png"));
  const encode = { format: "png", compressionLevel: 1 } as const;

  const property = fc.asyncProperty(
    picture,
    fc.array(step, { minLength: 2, maxLength: 6 }),
    async ({ width, height, channels, pixels }, steps) => {
      const raw = sharp(pixels.subarray(0, width * height * channels), { raw: { width, height, channels } });
      await writeFile(
        join(folder, "in.png"),
        await (channels < 3 ? raw.toColourspace("b-w") : raw).png().toBuffer(),
      );
      const fused = await outcome(async () => {
        await pipeline.run({ input: "in.png", output: "fused.png", filters: steps, encode });
        return "fused.png";
      });
      const slow = await outcome(async () => {
        let input = "in.png";
        for (const [index, each] of steps.entries()) {
          const output = `step-${index}.png`;
          await pipeline.run({ input, output, filters: [each], encode });
          input = output;
        }
        return input;
      });
      const written = `${steps.map(({ filter, params }) => `${filter}${JSON.stringify(params)}`).join(" | ")}, seed ${seed}`;
      if (fused.error !== undefined || slow.error !== undefined) {
        expect(fused.error, written).toBe(slow.error);
        return;
      }
      expect(
        await difference(join(folder, slow.file), join(folder, fused.file)),
        written,
      ).toBeLessThanOrEqual(0);
    },
  );
  await fc.assert(property, { seed, numRuns: 200, endOnFailure: true });
});

async function outcome(
  running: () => Promise<string>,
): Promise<{ file: string; error: undefined } | { file: undefined; error: string }> {
  try {
    return { file: await running(), error: undefined };
  } catch (error) {
    if (error instanceof ImgqError) return { file: undefined, error: error.code };
    throw error;
  }
}

/** The largest difference of two files' samples, colours counted as much as they are seen. */
async function difference(left: string, right: string): Promise<number> {
  const [one, other] = await Promise.all([left, right].map(readPixels));
  if (one === undefined || other === undefined) return 255;
  expect([other.info.width, other.info.height]).toEqual([one.info.width, one.info.height]);
  let largest = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    const [alpha = 0, otherAlpha = 0] = [one.data[at + 3], other.data[at + 3]];
    largest = Math.max(largest, Math.abs(alpha - otherAlpha));
    for (let channel = at; channel < at + 3; channel++) {
      const seen = ((one.data[channel] ?? 0) * alpha - (other.data[channel] ?? 0) * otherAlpha) / 255;
      largest = Math.max(largest, Math.abs(seen));
    }
  }
  return largest;
}

async function readPixels(file: string): ReturnType<typeof decode> {
  return decode(await readFile(file));
}

function decode(bytes: Buffer): Promise<{ data: Buffer; info: OutputInfo }> {
  return sharp(bytes).toColourspace("srgb").ensureAlpha().raw().toBuffer({ resolveWithObject: true });
}
