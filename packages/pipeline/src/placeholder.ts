import sharp from "sharp";
import { rgbaToThumbHash } from "thumbhash";

/** What a page shows while the picture loads. */
export interface Placeholder {
  /** About 30 bytes in base64 that draw a blurred miniature (https://evanw.github.io/thumbhash). */
  readonly thumbhash: string;
  /** The colour that most of the picture has, as #rrggbb; transparent parts do not count. */
  readonly color: string;
}

// The largest side that thumbhash takes.
const SIDE = 100;

/** Made of an encoded output, so that it shows what the output shows. */
export async function makePlaceholder(encoded: Uint8Array): Promise<Placeholder> {
  const small = sharp(encoded)
    .resize({ width: SIDE, height: SIDE, fit: "inside" })
    .toColourspace("srgb")
    .ensureAlpha();
  const { data, info } = await small.raw().toBuffer({ resolveWithObject: true });
  const thumbhash = Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString("base64");
  return { thumbhash, color: dominantColor(data) };
}

/** The mean of the fullest of 512 boxes of like colours. */
function dominantColor(rgba: Uint8Array): string {
  const boxes = new Map<number, { weight: number; red: number; green: number; blue: number }>();
  for (let at = 0; at < rgba.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(at, at + 4);
    const key = ((red >> 5) << 6) | ((green >> 5) << 3) | (blue >> 5);
    const box = boxes.get(key) ?? { weight: 0, red: 0, green: 0, blue: 0 };
    box.weight += alpha;
    box.red += red * alpha;
    box.green += green * alpha;
    box.blue += blue * alpha;
    boxes.set(key, box);
  }
  let fullest = { weight: 0, red: 0, green: 0, blue: 0 };
  for (const box of boxes.values()) if (box.weight > fullest.weight) fullest = box;
  const { weight, red, green, blue } = fullest;
  const mean = [red, green, blue].map((sum) => (weight === 0 ? 0 : Math.round(sum / weight)));
  return `#${mean.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
