import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { blur, grayscale, type RawImage } from "@imgq/filters";
import sharp from "sharp";
import { expect, it } from "vitest";
import { createPipeline } from "../src/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const delay = [40, 80, 120];
const loop = 2;

/** Frames that are black, grey and white: what one frame takes from its neighbours shows. */
async function setUp(format: "gif" | "webp") {
  const root = await temporaryFolder();
  await mkdir(join(root, "out"));
  const [width, height] = [16, 12];
  const data = Buffer.concat([0, 128, 255].map((grey) => Buffer.alloc(width * height * 3, grey)));
  const strip = sharp(data, { raw: { width, height: height * 3, channels: 3, pageHeight: height } });
  const bytes = format === "gif" ? strip.gif({ delay, loop }) : strip.webp({ delay, loop, lossless: true });
  await writeFile(join(root, "in"), await bytes.toBuffer());
  const pipeline = createPipeline({
    inputRoot: root,
    outputRoot: join(root, "out"),
    limits: { maxFrames: 3 },
  });
  return { root, pipeline };
}

async function open(path: string): Promise<RawImage> {
  const { data, info } = await sharp(path, { pages: -1 })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

it.each([
  ["gif", "webp"],
  ["webp", "gif"],
] as const)("filters each frame of a %s by itself and writes an animated %s", async (from, to) => {
  const { root, pipeline } = await setUp(from);
  const task = { input: "in", output: `out.${to}`, filters: [blur({ sigma: 3 })], animated: true };
  const encode = to === "webp" ? { lossless: true } : {};
  const result = await pipeline.run({
    ...task,
    encode,
    variants: [{ output: "first.png", filters: [grayscale()] }],
  });
  expect(result).toMatchObject({ width: 16, height: 12, frames: 3, format: to });
  expect(result.outputs[1]).not.toHaveProperty("frames");
  const written = await sharp(join(root, "out", `out.${to}`), { pages: -1 }).metadata();
  expect(written).toMatchObject({ pages: 3, pageHeight: 12, delay, loop });
  const { data, height } = await open(join(root, "out", `out.${to}`));
  expect(height).toBe(36);
  for (const [frame, grey] of [0, 128, 255].entries()) {
    const samples = data.subarray((frame * data.length) / 3, ((frame + 1) * data.length) / 3);
    // A gif's palette may be a little off.
    expect(samples.every((sample) => Math.abs(sample - grey) <= 3)).toBe(true);
  }
});

it("reads the first frame alone unless asked", async () => {
  const { root, pipeline } = await setUp("gif");
  const result = await pipeline.run({ input: "in", output: "out.gif", filters: [] });
  expect(result).not.toHaveProperty("frames");
  expect((await sharp(join(root, "out/out.gif")).metadata()).pages).toBe(1);
});

it("refuses more frames than the limit", async () => {
  const { root } = await setUp("gif");
  const strict = createPipeline({ inputRoot: root, outputRoot: root, limits: { maxFrames: 2 } });
  const running = strict.run({ input: "in", output: "out.gif", filters: [], animated: true });
  await expect(running).rejects.toMatchObject({
    code: "IMGQ_INVALID_IMAGE",
    message: "in: 3 frames, more than limits.maxFrames (2). Raise it, or process the first frame alone.",
  });
});
