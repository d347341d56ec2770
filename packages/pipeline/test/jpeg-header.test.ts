import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import sharp from "sharp";
import { expect, it } from "vitest";
import { readJpegHeader } from "../src/jpeg-header.ts";
import { oddPictures, photo } from "./hostile/odd-pictures.ts";

const images = fileURLToPath(new URL("../../../images/", import.meta.url));

/** What libvips says of the same bytes; undefined where it refuses them. */
async function byLibvips(bytes: Buffer): Promise<object | undefined> {
  const said = await sharp(bytes, { failOn: "warning" })
    .metadata()
    .catch(() => undefined);
  if (said === undefined) return undefined;
  const { format, width, height, channels, space, depth, hasAlpha, orientation = 1 } = said;
  return { format, width, height, channels, space, depth, hasAlpha, orientation };
}

function asLibvips(bytes: Buffer): object | undefined {
  const header = readJpegHeader(bytes);
  if (header === undefined) return undefined;
  const space = header.channels === 1 ? "b-w" : "srgb";
  return { format: "jpeg", ...header, space, depth: "uchar", hasAlpha: false };
}

async function plainJpegs(): Promise<Buffer[]> {
  const made = [
    photo().jpeg(),
    photo().jpeg({ progressive: true, chromaSubsampling: "4:4:4" }),
    photo().greyscale().toColourspace("b-w").jpeg(),
    photo().keepIccProfile().withIccProfile("p3").jpeg(),
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => photo().jpeg().withMetadata({ orientation })),
  ];
  return Promise.all(made.map((chain) => chain.toBuffer()));
}

it("reads what libvips reads from ordinary jpegs", async () => {
  const names = (await readdir(images)).filter((name) => name.endsWith(".jpg"));
  const photographs = await Promise.all(names.map((name) => readFile(join(images, name))));
  for (const bytes of [...(await plainJpegs()), ...photographs]) {
    const header = asLibvips(bytes);
    expect(header).toBeDefined();
    expect(header).toEqual(await byLibvips(bytes));
  }
});

it("says of odd pictures what libvips says, or nothing", async () => {
  for (const [name, bytes] of await oddPictures()) {
    const header = asLibvips(bytes);
    if (header !== undefined) expect(header, name).toEqual(await byLibvips(bytes));
  }
  const cmyk = await photo().toColourspace("cmyk").jpeg().toBuffer();
  expect(readJpegHeader(cmyk)).toBeUndefined();
  expect(readJpegHeader(await photo().png().toBuffer())).toBeUndefined();
});

/** From the marker before "Exif" to about the end of the first directory. */
const EXIF_BYTES = 80;

it("never contradicts libvips on a damaged header", { timeout: 60_000 }, async () => {
  const good = [
    await photo().jpeg().withMetadata({ orientation: 6 }).toBuffer(),
    await photo().greyscale().toColourspace("b-w").jpeg().withMetadata({ orientation: 3 }).toBuffer(),
  ];
  const change = fc.record({ place: fc.nat(EXIF_BYTES + 19), value: fc.nat(255) });
  const changes = fc.array(change, { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...good), changes, async (jpeg, made) => {
      const bytes = Buffer.from(jpeg);
      const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
      const exif = bytes.indexOf("Exif") - 4;
      for (const { place, value } of made)
        bytes[place < EXIF_BYTES ? exif + place : frame + place - EXIF_BYTES] = value;
      const header = asLibvips(bytes);
      if (header === undefined) return;
      const said = await byLibvips(bytes);
      if (said !== undefined) expect(header).toEqual(said);
    }),
    { numRuns: 3000 },
  );
});
