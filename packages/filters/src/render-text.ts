import sharp from "sharp";
import type { Rgba } from "./color.ts";
import type { Size } from "./operation.ts";
import type { RawImage } from "./raw-image.ts";

/** How text looks. */
export interface TextStyle {
  /** Height of the letters, in pixels. */
  readonly size: number;
  readonly color: Rgba;
  /** A family that fontconfig knows on the machine that runs the task. */
  readonly font: string;
  /** Room for it, in pixels: longer lines are broken, and letters become smaller rather than four times too high. */
  readonly room: Size;
}

/** A line's height over the letters' size, and a letter's width, generously. */
const LINE = 1.3;

/** Renders text as RGB with alpha. Markup is not read: `<` and `&` are drawn. */
export async function renderText(text: string, { size, color, font, room }: TextStyle): Promise<RawImage> {
  const { data, info } = await sharp({
    text: {
      text: escapeMarkup(text),
      font: `${font} ${boundedSize(text, size, room)}`,
      dpi: 72,
      width: room.width,
      wrap: "word-char",
    },
  })
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const [red, green, blue, opacity] = color;
  const pixels = Buffer.allocUnsafeSlow(info.width * info.height * 4);
  for (let pixel = 0; pixel < info.width * info.height; pixel++) {
    const coverage = data[pixel * info.channels] ?? 0;
    pixels.set([red, green, blue, Math.round((coverage * opacity) / 255)], pixel * 4);
  }
  return { data: pixels, width: info.width, height: info.height, channels: 4 };
}

/** Text comes from outside: a long one in large letters must not make a picture that fills the memory. */
function boundedSize(text: string, size: number, { width, height }: Size): number {
  const lines = text.split("\n").length;
  const heightOf = (letters: number): number => (lines + (text.length * letters) / width) * letters * LINE;
  let letters = Math.min(size, width);
  while (letters > 1 && heightOf(letters) > 4 * height + letters) letters = Math.floor(letters * 0.9);
  return letters;
}

/** The text as markup that means nothing; control characters would be an error in it. */
function escapeMarkup(text: string): string {
  return text
    .replaceAll(/[^\P{Cc}\n\t]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
