import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  border,
  builtinFilters,
  channel,
  definePixelFilter,
  type Filter,
  integerFrom,
  negate,
  parameters,
  parseColor,
  type RawImage,
  roundCorners,
  type Step,
  text,
} from "@imgq/filters";
import fc from "fast-check";
import sharp from "sharp";
import { expect, it } from "vitest";
import { createPipeline } from "../src/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

// What is done in a chain of sharp against what is done on raw pixels by the kernels or, for a ground, by plain loops.
const frame = definePixelFilter({
  name: "border",
  description: "Frames the picture, pixel by pixel.",
  params: parameters({ width: integerFrom(1, 9), color: text("a colour", 9) }),
  apply: (pixels, { width: by, color }) => {
    const [red, green, blue, alpha] = parseColor(color);
    const grey = pixels.channels < 3 && red === green && green === blue;
    const clear = pixels.channels % 2 === 0 || alpha < 255;
    const colours = grey ? 1 : 3;
    const [width, height] = [pixels.width + 2 * by, pixels.height + 2 * by];
    const samples: number[] = [];
    for (let y = -by; y < height - by; y++) {
      for (let x = -by; x < width - by; x++) {
        const inside = x >= 0 && y >= 0 && x < pixels.width && y < pixels.height;
        const from = (y * pixels.width + x) * pixels.channels;
        const pixel = [...pixels.data.subarray(from, from + pixels.channels)];
        const opacity = pixels.channels % 2 === 0 ? pixel.pop() : 255;
        const shown = pixel.length < colours ? [pixel[0], pixel[0], pixel[0]] : pixel;
        const ground = grey ? [red] : [red, green, blue];
        samples.push(...(inside ? shown : ground).map(Number));
        if (clear) samples.push(Number(inside ? opacity : alpha));
      }
    }
    const channels = clear ? (grey ? 2 : 4) : grey ? 1 : 3;
    return { data: Uint8Array.from(samples), width, height, channels };
  },
});
const kernelsOnly = (filter: Filter): Filter =>
  filter.name === "border" ? frame : Object.assign(copyOf(filter), { bind: withoutSharp(filter) });

function copyOf(filter: Filter): Filter {
  const copy: Filter = Object.assign((...given: Parameters<Filter>) => filter(...given), filter);
  return Object.defineProperty(copy, "name", { value: filter.name });
}

function withoutSharp(filter: Filter): Filter["bind"] {
  return (params) => {
    const step = filter.bind(params);
    const operations = step.operations.map((operation) => {
      if (operation.kind !== "tone" && operation.kind !== "pixels") return operation;
      const { sharp: _, ...kernels } = operation;
      return kernels;
    });
    return { ...step, operations };
  };
}

const hex = fc
  .tuple(fc.integer({ min: 0, max: 0xffffff }), fc.constantFrom("", "00", "ff", "7f", "01", "fe"))
  .map(([rgb, alpha]) => `#${rgb.toString(16).padStart(6, "0")}${alpha}`);
const grey = fc
  .integer({ min: 0, max: 255 })
  .map((level) => `#${level.toString(16).padStart(2, "0").repeat(3)}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant(negate()),
  fc.constantFrom("red", "green", "blue", "alpha").map((name) => channel({ channel: name })),
  fc
    .record({ width: fc.integer({ min: 1, max: 9 }), color: fc.oneof(hex, grey) })
    .map((params) => border(params)),
  fc.integer({ min: 0, max: 20 }).map((radius) => roundCorners({ radius })),
);
const picture = fc.record({
  width: fc.integer({ min: 1, max: 35 }),
  height: fc.integer({ min: 1, max: 35 }),
  channels: fc.constantFrom<RawImage["channels"]>(1, 2, 3, 4),
  deep: fc.boolean(),
  samples: fc.array(fc.integer({ min: 0, max: 65_535 }), { minLength: 7, maxLength: 61 }),
});
const format = fc.constantFrom("png", "jpeg", "webp", "tiff", "gif");

it("does in a chain of sharp, bit for bit, what kernels do", { timeout: 60_000 }, async () => {
  const seed = Number(process.env.IMGQ_SEED ?? Date.now() % 1_000_000);
  const folder = await temporaryFolder();
  const roots = { inputRoot: folder, outputRoot: folder };
  const inSharp = createPipeline({ ...roots });
  const filters: readonly Filter[] = builtinFilters;
  const byKernels = createPipeline({ ...roots, filters: filters.map(kernelsOnly) });
  const property = fc.asyncProperty(
    picture,
    fc.array(step, { minLength: 1, maxLength: 2 }),
    format,
    async ({ width, height, channels, deep, samples }, steps, to) => {
      const count = width * height * channels;
      const repeated = Uint16Array.from({ length: count }, (_, at) => samples[at % samples.length] ?? 0);
      const raw = sharp(deep ? repeated : Uint8Array.from(repeated), { raw: { width, height, channels } });
      const space = channels < 3 ? (deep ? "grey16" : "b-w") : deep ? "rgb16" : "srgb";
      await writeFile(join(folder, "in.png"), await raw.toColourspace(space).png().toBuffer());
      const task = { input: "in.png", filters: steps, encode: { format: to } } as const;
      await inSharp.run({ ...task, output: "sharp" });
      await byKernels.run({ ...task, output: "kernels" });
      const [one, other] = await Promise.all(
        ["sharp", "kernels"].map((name) => readFile(join(folder, name))),
      );
      expect(one?.equals(other ?? Buffer.of()), `${JSON.stringify(steps)} to ${to}, seed ${seed}`).toBe(true);
    },
  );
  await fc.assert(property, { seed, numRuns: Number(process.env.IMGQ_RUNS ?? 150), endOnFailure: true });
});

it("takes the form that spares a pass", () => {
  const pipeline = createPipeline({ inputRoot: ".", outputRoot: "." });
  const titles = (written: string, facts = {}) =>
    pipeline.explain(pipeline.parse(written), facts).passes.map(({ title }) => title);
  expect(titles("negate")).toEqual(["decode → negate → encode"]);
  expect(titles("channel(red) | negate")).toEqual(["decode → channel → negate → encode"]);
  expect(titles("negate | grayscale")).toEqual(["decode → negate", "grayscale", "encode"]);
  expect(titles("grayscale | negate")).toEqual(["decode", "grayscale → negate", "encode"]);
  expect(titles("sharpen | negate | grayscale")).toEqual([
    "decode → sharpen",
    "negate → grayscale",
    "encode",
  ]);
  expect(titles("sharpen | negate | blur(99)")).toEqual(["decode → sharpen", "negate", "blur → encode"]);
  expect(titles("sharpen | negate")).toEqual(["decode → sharpen", "negate → encode"]);
  expect(titles("negate | brightness")).toEqual(["decode", "negate + brightness", "encode"]);
  expect(titles("roundCorners")).toEqual(["decode → roundCorners → encode"]);
  expect(titles("resize(80) | roundCorners")).toEqual(["decode → resize → roundCorners → encode"]);
  expect(titles("sharpen | roundCorners")).toEqual(["decode → sharpen", "roundCorners → encode"]);
  expect(titles("roundCorners", { alpha: true })).toEqual(["decode", "roundCorners", "encode"]);
  expect(titles("roundCorners", { grey: true })).toEqual(["decode", "roundCorners", "encode"]);
  expect(titles("border(3, red)")).toEqual(["decode → border → encode"]);
  expect(titles("border(3, red)", { grey: true })).toEqual(["decode", "border", "border → encode"]);
});
