import type { RawImage } from "@imgq/filters";
import sharp, { type Sharp } from "sharp";
import type { SourceImage } from "./source-image.ts";

/**
 * Opens raw pixels as a picture that has the EXIF and XMP of a source; the orientation is left out, since pixels are
 * upright, and so is the ICC profile, since they are sRGB. sharp takes metadata from its input only, so the input is a black
 * picture that carries it, and the pixels are OR-ed into that.
 */
export async function openWithMetadata(source: SourceImage, pixels: RawImage): Promise<Sharp> {
  const { data, width, height, channels } = pixels;
  const one = sharp(source.bytes, source.open).resize({ width: 1, height: 1, fit: "fill" }).removeAlpha();
  const carrier = channels < 3 ? one.toColourspace("b-w") : channels === 4 ? one.ensureAlpha(0) : one;
  const black = sharp(await carrier.keepExif().keepXmp().png().toBuffer())
    .resize({ width, height, fit: "fill", kernel: "nearest" })
    .linear(0, 0);
  return black
    .boolean(Buffer.from(data.buffer, data.byteOffset, data.length), "or", {
      raw: { width, height, channels },
    })
    .keepExif()
    .keepXmp();
}
