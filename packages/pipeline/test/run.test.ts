import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { blur, brightness, edges, grayscale } from "@imgq/filters";
import sharp from "sharp";
import { expect, it } from "vitest";
import { createPipeline } from "../src/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const images = resolve(import.meta.dirname, "../../../images");

it("runs the four original filters on a photograph and describes what it wrote", async () => {
  const out = await temporaryFolder();
  const pipeline = createPipeline({ inputRoot: images, outputRoot: out });
  const result = await pipeline.run({
    input: "rocket.jpg",
    output: "deep/er/rocket.jpg",
    filters: [grayscale(), blur({ sigma: 2 }), brightness({ factor: 1.2 }), edges()],
  });
  const bytes = await readFile(join(out, "deep/er/rocket.jpg"));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const described = { width: 640, height: 427, bytes: bytes.length, format: "jpeg", sha256 };
  expect(result).toMatchObject({ ...described, outputs: [{ output: "deep/er/rocket.jpg", ...described }] });
  expect(result.timings.passes).toHaveLength(result.passes);
  expect(await sharp(bytes).metadata()).toMatchObject({
    format: "jpeg",
    width: 640,
    height: 427,
    channels: 1,
  });
  expect(JSON.parse(JSON.stringify(result))).toEqual(result);
});

it.each(["jpeg", "png", "webp", "avif", "tiff", "gif"] as const)(
  "makes the same bytes of the same task, as %s",
  async (format) => {
    const pipeline = createPipeline({ inputRoot: images, outputRoot: await temporaryFolder() });
    const task = { input: "chelsea.png", filters: [blur(), brightness()], encode: { format } };
    const { sha256 } = await pipeline.run({ ...task, output: "1" });
    expect((await pipeline.run({ ...task, output: "2" })).sha256).toBe(sha256);
  },
);

it.each(["jpeg", "png", "webp", "avif", "tiff", "gif"] as const)(
  "writes %s, whatever the name says",
  async (format) => {
    const out = await temporaryFolder();
    const pipeline = createPipeline({ inputRoot: images, outputRoot: out });
    await pipeline.run({
      input: "chelsea.png",
      output: "chelsea.out",
      filters: [grayscale()],
      encode: { format },
    });
    const written = await sharp(join(out, "chelsea.out")).metadata();
    expect({ ...written, format: written.format === "heif" ? "avif" : written.format }).toMatchObject({
      format,
      width: 451,
      height: 300,
    });
  },
);

it("writes variants of one decode", async () => {
  const out = await temporaryFolder();
  const pipeline = createPipeline({ inputRoot: images, outputRoot: out });
  const result = await pipeline.run({
    input: "camera.png",
    output: "grey.png",
    filters: [grayscale()],
    variants: [{ output: "edges.png", filters: [edges()] }, { output: "grey.webp" }],
  });
  expect(result.outputs.map(({ output, format }) => [output, format])).toEqual([
    ["grey.png", "png"],
    ["edges.png", "png"],
    ["grey.webp", "webp"],
  ]);
  const single = await pipeline.run({
    input: "camera.png",
    output: "single.png",
    filters: [grayscale(), edges()],
  });
  expect(single.sha256).toBe(result.outputs[1]?.sha256);
});

it("turns pictures upright, converts them to sRGB and strips what they carried", async () => {
  const root = await temporaryFolder();
  const upright = sharp({ create: { width: 40, height: 20, channels: 3, background: "#ff0000" } });
  const turned = await upright.withMetadata({ orientation: 6 }).withIccProfile("p3").jpeg().toBuffer();
  await writeFile(join(root, "turned.jpg"), turned);
  const pipeline = createPipeline({ inputRoot: root, outputRoot: join(root, "out") });
  const result = await pipeline.run({ input: "turned.jpg", output: "upright.png", filters: [] });
  expect(result).toMatchObject({ width: 20, height: 40 });
  const { orientation, exif, icc, ...written } = await sharp(join(root, "out/upright.png")).metadata();
  expect({ orientation, exif, icc }).toEqual({ orientation: undefined, exif: undefined, icc: undefined });
  expect(written.space).toBe("srgb");
});

it("reads 16-bit pictures as 8-bit ones", async () => {
  const root = await temporaryFolder();
  const deep = sharp(Uint16Array.from([0, 0x8000, 0xffff, 0x1234]), {
    raw: { width: 4, height: 1, channels: 1 },
  });
  await writeFile(join(root, "deep.png"), await deep.toColourspace("grey16").png().toBuffer());
  const pipeline = createPipeline({ inputRoot: root, outputRoot: root });
  await pipeline.run({ input: "deep.png", output: "flat.png", filters: [brightness({ factor: 0.5 })] });
  const { data, info } = await sharp(join(root, "flat.png"))
    .toColourspace("b-w")
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(1);
  expect([...data]).toEqual([0, 64, 128, 9]);
});

it("keeps transparency where the format can, and lays it over white where it cannot", async () => {
  const root = await temporaryFolder();
  const clear = sharp({
    create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  });
  await writeFile(join(root, "clear.png"), await clear.png().toBuffer());
  const pipeline = createPipeline({ inputRoot: root, outputRoot: root });
  const filters = [grayscale(), blur()];
  await pipeline.run({ input: "clear.png", output: "kept.png", filters });
  await pipeline.run({ input: "clear.png", output: "white.jpg", filters });
  expect((await sharp(join(root, "kept.png")).stats()).isOpaque).toBe(false);
  expect((await sharp(join(root, "white.jpg")).raw().toBuffer())[0]).toBe(255);
});

it("rejects with the signal's reason and leaves nothing behind when it is aborted", async () => {
  const out = await temporaryFolder();
  const pipeline = createPipeline({ inputRoot: images, outputRoot: out });
  const controller = new AbortController();
  const running = pipeline.run(
    { input: "retina.jpg", output: "retina.png", filters: [blur({ sigma: 20 })] },
    { signal: controller.signal },
  );
  controller.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  expect(await readdir(out)).toEqual([]);
});

it("gives up after limits.timeMs", async () => {
  const pipeline = createPipeline({
    inputRoot: images,
    outputRoot: await temporaryFolder(),
    limits: { timeMs: 1 },
  });
  const running = pipeline.run({
    input: "retina.jpg",
    output: "retina.png",
    filters: [blur({ sigma: 100 })],
  });
  await expect(running).rejects.toMatchObject({ code: "IMGQ_TIME_LIMIT" });
});

it("replaces an old output, and leaves it alone when the task fails", async () => {
  const out = await temporaryFolder();
  await mkdir(join(out, "in"));
  await writeFile(join(out, "in/broken.jpg"), "not a picture");
  await writeFile(join(out, "old.png"), "old");
  const pipeline = createPipeline({ inputRoot: out, outputRoot: out });
  const broken = pipeline.run({ input: "in/broken.jpg", output: "old.png", filters: [] });
  await expect(broken).rejects.toMatchObject({ code: "IMGQ_INVALID_IMAGE", permanent: true });
  expect(await readFile(join(out, "old.png"), "utf8")).toBe("old");
  await writeFile(join(out, "in/good.png"), await readFile(join(images, "chelsea.png")));
  await pipeline.run({ input: "in/good.png", output: "old.png", filters: [] });
  expect((await sharp(join(out, "old.png")).metadata()).width).toBe(451);
  expect((await readdir(out)).toSorted()).toEqual(["in", "old.png"]);
});

it("batches tasks, reports each, and does not stop at a failure", async () => {
  const pipeline = createPipeline({ inputRoot: images, outputRoot: await temporaryFolder() });
  const tasks = ["chelsea.png", "missing.png", "camera.png"].map((input) => ({
    input,
    output: input,
    filters: [blur()],
  }));
  const seen: number[] = [];
  const report = await pipeline.batch(tasks, { concurrency: 2, onProgress: ({ done }) => seen.push(done) });
  expect(report).toMatchObject({ succeeded: 2, failed: 1, skipped: 0 });
  expect(report.items.map(({ status }) => status)).toEqual(["succeeded", "failed", "succeeded"]);
  expect(report.items[1]).toMatchObject({ error: { code: "IMGQ_INPUT_MISSING" } });
  expect(seen).toEqual([1, 2, 3]);
});
