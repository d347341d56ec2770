import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Create } from "sharp";

export interface DemoPictures {
  readonly good: readonly string[];
  /** Files that look like pictures and are none. */
  readonly poison: readonly string[];
}

const goodCount = 12;

/** Makes pictures to work on, and a few that no worker can read. */
export async function makeDemoPictures(folder: string): Promise<DemoPictures> {
  await mkdir(folder, { recursive: true });
  const good = await Promise.all(Array.from({ length: goodCount }, (_, index) => drawPicture(folder, index)));
  const truncated = (
    await sharp({ create: blank(900, 600) })
      .jpeg()
      .toBuffer()
  ).subarray(0, 900);
  const files = { "not-a-picture.jpg": "This is no picture.", "cut-off.jpg": truncated, "empty.png": "" };
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  return { good, poison: Object.keys(files) };
}

/** A sky over a wavy sea, each time with other colours; detailed enough to be some work. */
async function drawPicture(folder: string, index: number): Promise<string> {
  const [width, height] = index % 3 === 0 ? [2400, 1600] : index % 3 === 1 ? [1600, 1200] : [1200, 1800];
  const pixels = Buffer.allocUnsafe(width * height * 3);
  const hue = index / goodCount;
  for (let y = 0, at = 0; y < height; y += 1) {
    const horizon = y / height;
    for (let x = 0; x < width; x += 1) {
      const wave = horizon > 0.6 ? Math.sin(x / 25 + y / 4 + index) * 24 : Math.sin((x + y * 2) / 180) * 10;
      pixels[at++] = clamp(200 * (1 - horizon) * (0.6 + 0.4 * Math.sin(hue * 6.28)) + wave + 40);
      pixels[at++] = clamp(120 + 60 * Math.cos(hue * 6.28) - 40 * horizon + wave);
      pixels[at++] = clamp(140 + 80 * horizon + wave);
    }
  }
  const name = `picture-${index + 1}.jpg`;
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toFile(join(folder, name));
  return name;
}

function blank(width: number, height: number): Create {
  return { width, height, channels: 3, background: "#345" };
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}
