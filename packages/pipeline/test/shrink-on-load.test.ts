import { resolve } from "node:path";
import { resize } from "@imgq/filters";
import sharp from "sharp";
import { expect, it } from "vitest";
import { createPipeline } from "../src/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const images = resolve(import.meta.dirname, "../../../images");

/** The one place where speed changes pixels: a jpeg decodes to a half, a quarter or an eighth by itself. */
it("decodes a jpeg small when a resize comes first, and looks the same", async () => {
  const out = await temporaryFolder();
  const pipeline = createPipeline({ inputRoot: images, outputRoot: out });
  const filters = [resize({ width: 160 })];
  expect(pipeline.explain(filters).passes.map(({ title }) => title)).toEqual(["decode → resize → encode"]);
  const result = await pipeline.run({ input: "retina.jpg", output: "small.png", filters });
  expect(result).toMatchObject({ width: 160, height: 160, passes: 1 });

  const whole = await sharp(resolve(images, "retina.jpg")).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = whole.info;
  const raw = { raw: { width, height, channels } };
  const expected = await sharp(whole.data, raw).resize(160).raw().toBuffer();
  const small = await sharp(resolve(out, "small.png")).raw().toBuffer();
  expect(small.length).toBe(expected.length);
  const total = small.reduce((sum, sample, index) => sum + Math.abs(sample - (expected[index] ?? 0)), 0);
  expect(total / small.length).toBeLessThan(2);
  // Exactly the same would mean that it was decoded whole.
  expect(small.equals(expected)).toBe(false);
});
