import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

export const pictureSizes = { "2 MP": [1632, 1224], "12 MP": [4000, 3000] } as const;
export type PictureName = keyof typeof pictureSizes;

const photographs = ["astronaut.jpg", "chelsea.png", "hubble_deep_field.jpg", "rocket.jpg"];
const folder = fileURLToPath(new URL("../../images/", import.meta.url));

/** Writes jpegs with the detail of real photographs: the repository's own, tiled, not enlarged. */
export async function makePictures(into: string): Promise<Readonly<Record<PictureName, string>>> {
  const tiles = await Promise.all(
    photographs.map((name) =>
      sharp(join(folder, name)).removeAlpha().resize(400, 300, { fit: "cover" }).png().toBuffer(),
    ),
  );
  const make = async (name: PictureName): Promise<string> => {
    const [width, height] = pictureSizes[name];
    const path = join(into, `${name.replace(" ", "")}.jpg`);
    const composite = [];
    for (let top = 0, count = 0; top < height; top += 300) {
      for (let left = 0; left < width; left += 400, count++) {
        // Turned by the row, so that no two neighbours are alike.
        const input = tiles[(count + Math.floor(top / 300)) % tiles.length];
        composite.push({ input, left, top });
      }
    }
    const [paddedWidth, paddedHeight] = [Math.ceil(width / 400) * 400, Math.ceil(height / 300) * 300];
    const canvas = sharp({
      create: { width: paddedWidth, height: paddedHeight, channels: 3, background: "black" },
    });
    const whole = await canvas.composite(composite).png({ compressionLevel: 1 }).toBuffer();
    await sharp(whole).extract({ left: 0, top: 0, width, height }).jpeg({ quality: 90 }).toFile(path);
    return path;
  };
  return { "2 MP": await make("2 MP"), "12 MP": await make("12 MP") };
}
