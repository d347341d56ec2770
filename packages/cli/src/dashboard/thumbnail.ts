import type { Thumbnail } from "@imgq/dashboard";
import { createPipeline, pipelineDefaults } from "@imgq/pipeline";
import sharp from "sharp";

const widest = 640;

/** Makes thumbnails of pictures that may be hostile, within the limits of the pipeline. */
export function createThumbnailMaker(): (path: string) => Promise<Thumbnail> {
  // Its creation sets libvips up for untrusted input, for the whole process.
  createPipeline({ inputRoot: ".", outputRoot: "." });
  return async (path) => {
    const picture = sharp(path, {
      limitInputPixels: pipelineDefaults.limits.maxInputPixels,
      autoOrient: true,
    });
    const { width, height, orientation = 1 } = await picture.metadata();
    const body = await picture
      .resize(widest, widest, { fit: "inside", withoutEnlargement: true })
      .webp({ quality: 75 })
      .toBuffer();
    const turned = orientation >= 5;
    return {
      body: new Uint8Array(body),
      contentType: "image/webp",
      width: turned ? height : width,
      height: turned ? width : height,
    };
  };
}
