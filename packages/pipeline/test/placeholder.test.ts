import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from "thumbhash";
import { expect, it } from "vitest";
import { createPipeline } from "../src/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

async function placeholderOf(picture: Sharp) {
  const root = await temporaryFolder();
  await writeFile(join(root, "in.png"), await picture.png().toBuffer());
  const pipeline = createPipeline({ inputRoot: root, outputRoot: root });
  const result = await pipeline.run({ input: "in.png", output: "out.png", filters: [], placeholder: true });
  return result.placeholder ?? { thumbhash: "", color: "" };
}

it("gives a thumbhash that has the shape and colour of the output, and its dominant colour", async () => {
  const orange = { r: 200, g: 120, b: 40 };
  const canvas = sharp({ create: { width: 300, height: 150, channels: 3, background: orange } });
  const spot = { create: { width: 60, height: 60, channels: 3, background: "#0000ff" } } as const;
  const { thumbhash, color } = await placeholderOf(canvas.composite([{ input: spot }]));
  const hash = Buffer.from(thumbhash, "base64");
  expect(hash.length).toBeLessThan(30);
  expect(thumbHashToApproximateAspectRatio(hash)).toBeCloseTo(2, 0);
  expect(thumbHashToAverageRGBA(hash).r).toBeGreaterThan(thumbHashToAverageRGBA(hash).b);
  expect(color).toBe("#c87828");
});

it("does not count what is transparent", async () => {
  const clear = sharp({
    create: { width: 40, height: 40, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } },
  });
  const spot = { create: { width: 20, height: 20, channels: 4, background: "#00ff00" } } as const;
  expect((await placeholderOf(clear.composite([{ input: spot, gravity: "centre" }]))).color).toBe("#00ff00");
});
