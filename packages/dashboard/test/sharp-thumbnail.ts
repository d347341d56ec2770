import type { Thumbnail } from "@imgq/dashboard";
import sharp from "sharp";

/** Makes thumbnails as a program would that uses sharp. */
export async function sharpThumbnail(path: string): Promise<Thumbnail> {
  const { width, height } = await sharp(path).metadata();
  const body = await sharp(path).resize(320, 320, { fit: "inside" }).webp().toBuffer();
  return { body: new Uint8Array(body), contentType: "image/webp", width, height };
}
