import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  builtinFilters,
  channel,
  flatten,
  flip,
  flop,
  grayscale,
  resize,
  rotate,
  type Step,
} from "@imgq/filters";
import fc from "fast-check";
import sharp from "sharp";
import { expect, it } from "vitest";
import { createPipeline, type Pipeline } from "../src/index.ts";
import { pipelineDefaults } from "../src/options.ts";
import { planPasses } from "../src/plan.ts";
import { runToPixels } from "../src/run-passes.ts";
import { inspectSource } from "../src/source-image.ts";
import { bindSteps, indexFilters } from "../src/steps.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const images = resolve(import.meta.dirname, "../../../images");

/*
 * The one place where speed changes pixels: a jpeg decodes to a half, a quarter or an eighth by itself. These tests bound,
 * on photographs and as a mean in levels, how far that is from one step after another.
 */
const one = <const T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const turning: fc.Arbitrary<Step> = fc.oneof(
  one(90, 180, 270).map((angle) => rotate({ angle })),
  one<Step>(flip(), flop()),
);
const movable: fc.Arbitrary<Step> = fc.oneof(
  turning,
  one<Step>(grayscale(), flatten(), channel({ channel: "green" })),
);
const scaling = fc
  .record({
    width: fc.integer({ min: 30, max: 90 }),
    height: fc.integer({ min: 30, max: 90 }),
    fit: one("cover", "contain", "fill", "inside", "outside"),
    position: one("center", "north", "east", "southwest", "northeast"),
    kernel: one("linear", "cubic", "mitchell", "lanczos2", "lanczos3"),
  })
  .map((params): Step => resize(params));
const steps = fc
  .tuple(fc.array(movable, { minLength: 1, maxLength: 4 }), scaling, fc.array(movable, { maxLength: 1 }))
  .map(([before, scale, after]) => [...before, scale, ...after]);

it("decodes a jpeg small when a resize comes first, and looks the same", async () => {
  const { pipeline, folder } = await withPhotographs();
  const filters = [resize({ width: 120 })];
  expect(pipeline.explain(filters).passes.map(({ title }) => title)).toEqual(["decode → resize → encode"]);
  const result = await pipeline.run({ input: "retina.jpg", output: "small.png", filters });
  expect(result).toMatchObject({ width: 120, height: 90, passes: 1 });
  await stepByStep(pipeline, "retina.jpg", filters, "expected.png");
  const [small, expected] = [await pixelsOf(folder, "small.png"), await pixelsOf(folder, "expected.png")];
  expect(meanDifference(small, expected)).toBeLessThan(2);
  // Exactly the same would mean that it was decoded whole.
  expect(small.equals(expected)).toBe(false);
});

it("scales before turns, mirrors and greys with hardly another result", { timeout: 60_000 }, async () => {
  const index = indexFilters(builtinFilters);
  const settings = {
    input: "photograph",
    maxPixels: 1_000_000,
    signal: undefined,
    timings: [],
    readImage: () => Promise.reject(new Error("not needed")),
  };
  const size = { width: 480, height: 360 };
  const facts = { alpha: false, grey: false, plain: true, oriented: false, size };
  const sources = await Promise.all(
    ["retina.jpg", "astronaut.jpg", "rocket.jpg"].map(async (name) => {
      const png = await sharp(join(images, name)).resize(480, 360).png().toBuffer();
      return inspectSource(name, png, pipelineDefaults.limits);
    }),
  );
  await check("the order alone", 30, async (filters, written) => {
    const bound = bindSteps(index, filters);
    for (const source of sources) {
      // Nothing of a png is decoded small: what differs comes from the order alone.
      const run = (format: string) => {
        const { passes } = planPasses(bound, { ...facts, format }, { from: "source", to: "pixels" });
        return runToPixels({ kind: "source", source }, passes, settings);
      };
      const [moved, inOrder] = [await run("jpeg"), await run("png")];
      const shape = { width: inOrder.width, height: inOrder.height, channels: inOrder.channels };
      expect(moved, written).toMatchObject(shape);
      expect(meanDifference(moved.data, inOrder.data), written).toBeLessThan(1.5);
    }
  });
});

it("decodes small through turns, mirrors and greys, and looks the same", { timeout: 60_000 }, async () => {
  const { pipeline, folder, names } = await withPhotographs();
  await check("decoded small", 10, async (filters, written) => {
    for (const input of names) {
      const run = await pipeline.run({ input, output: "small.png", filters });
      expect(run.timings.passes[0]?.pass, written).toMatch(/^decode → resize/);
      await stepByStep(pipeline, input, filters, "expected.png");
      const [small, expected] = [await pixelsOf(folder, "small.png"), await pixelsOf(folder, "expected.png")];
      expect(small.length, written).toBe(expected.length);
      expect(meanDifference(small, expected), written).toBeLessThan(4);
    }
  });
});

async function check(
  what: string,
  numRuns: number,
  property: (filters: readonly Step[], written: string) => Promise<void>,
): Promise<void> {
  const seed = Number(process.env.IMGQ_SEED ?? Date.now() % 1_000_000);
  console.info(`${what}: seed ${seed} (IMGQ_SEED repeats it)`);
  await fc.assert(
    fc.asyncProperty(steps, (filters) => property(filters, `${JSON.stringify(filters)}, seed ${seed}`)),
    { seed, numRuns, endOnFailure: true },
  );
}

/** Photographs, small enough for many runs; two of them turned by their cameras. */
async function withPhotographs(): Promise<{ pipeline: Pipeline; folder: string; names: string[] }> {
  const folder = await temporaryFolder();
  const of = (name: string) => sharp(join(images, name)).resize(480, 360);
  await of("retina.jpg").jpeg({ quality: 95 }).toFile(join(folder, "retina.jpg"));
  const turned = of("astronaut.jpg").withMetadata({ orientation: 6 });
  await turned.jpeg({ quality: 95, chromaSubsampling: "4:4:4" }).toFile(join(folder, "astronaut.jpg"));
  const mirrored = of("rocket.jpg").withMetadata({ orientation: 5 });
  await mirrored.jpeg({ quality: 95 }).toFile(join(folder, "rocket.jpg"));
  await writeFile(join(folder, "chelsea.webp"), await of("chelsea.png").webp({ quality: 95 }).toBuffer());
  const pipeline = createPipeline({ inputRoot: folder, outputRoot: folder });
  return { pipeline, folder, names: ["retina.jpg", "astronaut.jpg", "rocket.jpg", "chelsea.webp"] };
}

/** Through a png each, of which nothing is decoded small. */
async function stepByStep(
  pipeline: Pipeline,
  input: string,
  filters: readonly Step[],
  output: string,
): Promise<void> {
  await pipeline.run({ input, output, filters: [] });
  for (const step of filters) await pipeline.run({ input: output, output, filters: [step] });
}

async function pixelsOf(folder: string, name: string): Promise<Buffer> {
  return sharp(await readFile(join(folder, name)))
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer();
}

function meanDifference(left: Uint8Array, right: Uint8Array): number {
  return left.reduce((sum, sample, index) => sum + Math.abs(sample - (right[index] ?? 0)), 0) / left.length;
}
