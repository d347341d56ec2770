import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { expect, it } from "vitest";
import { createPipeline } from "../src/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const images = resolve(import.meta.dirname, "../../../images");

it("scales smaller variants from larger ones, less than a level from what each makes alone", {
  timeout: 60_000,
}, async () => {
  const folder = await temporaryFolder();
  await sharp(join(images, "retina.jpg")).resize(1300, 970).png().toFile(join(folder, "in.png"));
  const pipeline = createPipeline({ inputRoot: folder, outputRoot: folder });
  const task = { input: "in.png", filters: [] };
  const after = fc.constantFrom("", " | sharpen", " | grayscale", " | rotate(90)", " | crop(30, 30)");
  const size = fc.oneof(
    fc.integer({ min: 40, max: 500 }).map((width) => `${width}`),
    fc
      .tuple(fc.integer({ min: 40, max: 400 }), fc.constantFrom("cover", "contain", "fill", "inside"))
      .map(([side, fit]) => `${side}, ${side}, ${fit}`),
  );
  const kernel = fc.constantFrom("lanczos3", "lanczos3", "cubic");
  const variant = fc
    .tuple(size, kernel, after)
    .map(([scaled, by, then]) => `resize(${scaled}, kernel=${by})${then}`);
  const seed = Number(process.env.IMGQ_SEED ?? Date.now() % 1_000_000);
  let shared = 0;
  const property = fc.asyncProperty(fc.array(variant, { minLength: 2, maxLength: 4 }), async (texts) => {
    const variants = texts.map((text, index) => ({
      output: `${index}.png`,
      filters: pipeline.parse(text),
    }));
    const { outputs } = await pipeline.run({ ...task, output: "out.png", variants });
    expect(outputs.map(({ output }) => output)).toEqual(["out.png", ...variants.map(({ output }) => output)]);
    const plan = pipeline.explain([], { format: "png", size: { width: 1300, height: 970 } }, variants);
    for (const [index, { output, filters }] of variants.entries()) {
      const only = [{ output: "alone.png", filters }];
      const alone = await pipeline.run({ ...task, output: "whole.png", variants: only });
      const written = `${texts.join("; ")}, variant ${index}, seed ${seed}`;
      const [one, other] = [await pixelsOf(join(folder, output)), await pixelsOf(join(folder, "alone.png"))];
      expect(one.length, written).toBe(other.length);
      if (plan.variants[index]?.from === undefined) {
        expect(outputs[index + 1]?.sha256, written).toBe(alone.outputs[1]?.sha256);
        continue;
      }
      shared++;
      // Sharpening multiplies what difference there is.
      expect(meanDifference(one, other), written).toBeLessThan(
        filters.at(-1)?.filter === "sharpen" ? 4 : 1.5,
      );
    }
  });
  await fc.assert(property, { seed, numRuns: 20, endOnFailure: true });
  console.info(`variants: seed ${seed} (IMGQ_SEED repeats it), ${shared} scaled from others`);
  expect(shared).toBeGreaterThan(5);
});

it("makes the same bytes of the same variants", async () => {
  const pipeline = createPipeline({ inputRoot: images, outputRoot: await temporaryFolder() });
  const run = async () => {
    const variants = [300, 100, 40].map((width) => ({
      output: `${width}.jpg`,
      filters: pipeline.parse(`resize(${width})`),
    }));
    const { outputs, timings } = await pipeline.run({
      input: "retina.jpg",
      output: "large.jpg",
      filters: pipeline.parse("resize(1200)"),
      variants,
    });
    return { hashes: outputs.map(({ sha256 }) => sha256), passes: timings.passes.map(({ pass }) => pass) };
  };
  const [first, second] = [await run(), await run()];
  expect(first).toEqual(second);
  // The second of 300 pixels is kept for that of 100, and that one for the one of 40.
  expect(first.passes).toEqual([
    "decode → resize",
    "encode",
    "resize",
    "encode",
    "resize",
    "encode",
    "resize → encode",
  ]);
});

async function pixelsOf(path: string): Promise<Buffer> {
  return sharp(await readFile(path))
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer();
}

function meanDifference(left: Uint8Array, right: Uint8Array): number {
  return left.reduce((sum, sample, index) => sum + Math.abs(sample - (right[index] ?? 0)), 0) / left.length;
}
