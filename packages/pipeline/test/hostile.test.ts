import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ImgqError } from "@imgq/core";
import { edges, grayscale } from "@imgq/filters";
import sharp from "sharp";
import { expect, it } from "vitest";
import { createPipeline, InvalidImageError } from "../src/index.ts";
import { badPictures, damagedPictures, packedMetadata } from "./hostile/bad-pictures.ts";
import { oddPictures } from "./hostile/odd-pictures.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const MEBIBYTE = 1024 * 1024;
// Generous, for a busy machine: what is told apart is "refused at once" and "worked on for long".
const bounds = { ms: 8_000, bytes: 300 * MEBIBYTE };

it("processes pictures that are odd and valid", { timeout: 60_000 }, async () => {
  const pictures = await oddPictures();
  const outcomes = await processAll(pictures);
  const refused = outcomes.filter(({ outcome }) => outcome !== "done");
  expect(refused).toEqual([]);
  expect(outcomes).toHaveLength(pictures.size);
});

it("refuses what is no picture or must not be processed, for good, at once, and lives on", {
  timeout: 60_000,
}, async () => {
  const outcomes = await processAll(await badPictures());
  const wrong = outcomes.filter(
    ({ outcome, permanent }) => outcome !== "IMGQ_INVALID_IMAGE" || permanent !== true,
  );
  expect(wrong).toEqual([]);
});

it("tells why in words that are the same wherever a file was cut, and quotes libvips apart", async () => {
  const bad = await badPictures();
  const cut = [...bad].filter(([name]) => name.startsWith("cut-at-"));
  const root = await temporaryFolder();
  const pipeline = createPipeline({ inputRoot: root, outputRoot: root });
  const messages = new Set<string>();
  const details = new Set<string | undefined>();
  for (const [input, bytes] of cut) {
    await writeFile(join(root, input), bytes);
    for (const text of ["", "resize(8)", "grayscale | rotate(90)"]) {
      const running = pipeline.run({ input, output: "out.png", filters: pipeline.parse(text) });
      const error = await running.catch((thrown: unknown) => thrown);
      if (!(error instanceof InvalidImageError)) throw new Error(`${input}, ${text}: ${String(error)}`);
      expect(error.reason, `${input}, ${text}: ${error.message}`).toBe("damaged");
      messages.add(error.message.replace(`${input}: `, "").replace(/"[^"]*"/, "…"));
      details.add(error.detail);
    }
  }
  expect([...messages]).toEqual([
    "cannot be read as a picture: damaged or cut off (…). Send it again, whole.",
  ]);
  expect(details.size).toBeGreaterThan(5);
});

it("tells damage that libvips calls too large from an output that is", async () => {
  // Seed and copy of a jpeg whose sampling factors were changed.
  const bytes = (await damagedPictures(851_728, 40)).get("damaged-18.jpeg");
  const root = await temporaryFolder();
  await writeFile(join(root, "damaged.jpg"), bytes ?? "missing");
  const pipeline = createPipeline({ inputRoot: root, outputRoot: root });
  const running = pipeline.run({ input: "damaged.jpg", output: "out.png", filters: [] });
  await expect(running).rejects.toMatchObject({
    reason: "damaged",
    detail: expect.stringContaining("too large for"),
  });
});

it.each([
  ["text.png", "unknown-format"],
  ["drawing.svg", "unknown-format"],
  ["document.pdf", "unknown-format"],
  ["empty.jpg", "empty"],
  ["bomb-16000-squared.png", "too-many-pixels"],
  ["claims-60000-squared.png", "too-many-pixels"],
  ["only-a-header.gif", "damaged"],
  ["palette-without-colours.png", "damaged"],
])("says of %s: %s", async (input, reason) => {
  const root = await temporaryFolder();
  await writeFile(join(root, input), (await badPictures()).get(input) ?? "missing");
  const pipeline = createPipeline({ inputRoot: root, outputRoot: root });
  const running = pipeline.run({ input, output: "out.png", filters: [] });
  await expect(running).rejects.toMatchObject({ code: "IMGQ_INVALID_IMAGE", reason });
});

it("neither hangs nor swells on packed metadata", { timeout: 60_000 }, async () => {
  const outcomes = await processAll(packedMetadata());
  for (const { outcome } of outcomes) expect(["done", "IMGQ_INVALID_IMAGE"]).toContain(outcome);
});

it("answers random damage with a picture or a typed error", { timeout: 60_000 }, async () => {
  const seed = Number(process.env.IMGQ_SEED ?? Date.now() % 1_000_000);
  console.info(`damage: seed ${seed} (IMGQ_SEED repeats it)`);
  const outcomes = await processAll(await damagedPictures(seed, 40));
  const wrong = outcomes.filter(({ outcome }) => outcome !== "done" && outcome !== "IMGQ_INVALID_IMAGE");
  expect(wrong, `seed ${seed}`).toEqual([]);
});

it("turns all eight EXIF orientations upright", async () => {
  const pictures = await oddPictures();
  const root = await temporaryFolder();
  const pipeline = createPipeline({ inputRoot: root, outputRoot: root });
  for (let orientation = 1; orientation <= 8; orientation++) {
    const input = `orientation-${orientation}.jpg`;
    await writeFile(join(root, input), pictures.get(input) ?? "");
    await pipeline.run({ input, output: "upright.png", filters: [] });
    const expected = await sharp(join(root, input)).autoOrient().raw().toBuffer();
    expect((await sharp(join(root, "upright.png")).raw().toBuffer()).equals(expected), input).toBe(true);
  }
});

interface Outcome {
  readonly name: string;
  readonly outcome: string;
  readonly permanent: boolean | undefined;
}

async function processAll(pictures: ReadonlyMap<string, Buffer>): Promise<Outcome[]> {
  const root = await temporaryFolder();
  const pipeline = createPipeline({ inputRoot: root, outputRoot: root });
  const outcomes: Outcome[] = [];
  for (const [name, bytes] of pictures) {
    await writeFile(join(root, name), bytes);
    const before = { ms: performance.now(), bytes: process.memoryUsage.rss() };
    const running = pipeline.run({ input: name, output: "out.png", filters: [grayscale(), edges()] });
    outcomes.push({
      name,
      ...(await running.then(() => ({ outcome: "done", permanent: undefined }), describe)),
    });
    expect(performance.now() - before.ms, `${name}: milliseconds`).toBeLessThan(bounds.ms);
    expect(process.memoryUsage.rss() - before.bytes, `${name}: bytes`).toBeLessThan(bounds.bytes);
  }
  return outcomes;
}

function describe(error: unknown): Omit<Outcome, "name"> {
  if (!(error instanceof ImgqError)) return { outcome: `untyped: ${String(error)}`, permanent: undefined };
  const outcome = error.code === "IMGQ_INVALID_IMAGE" ? error.code : `${error.code}: ${error.message}`;
  return { outcome, permanent: "permanent" in error && error.permanent === true };
}
