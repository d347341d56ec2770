import type { Size } from "@imgq/filters";
import sharp, { type Metadata, type SharpOptions } from "sharp";
import { InvalidImageError } from "./errors.ts";
import type { Limits } from "./options.ts";

const readableFormats = new Set(["jpeg", "png", "webp", "gif", "tiff", "heif", "avif"]);

/** What the header says of an input, and how to open it. */
export interface SourceImage extends Size {
  readonly path: string;
  readonly bytes: Buffer;
  readonly format: string;
  /** EXIF orientation other than upright. */
  readonly oriented: boolean;
  readonly hasAlpha: boolean;
  readonly grey: boolean;
  /** 8-bit sRGB or grey: what every filter works on. Others are converted before the first filter. */
  readonly plain: boolean;
  readonly open: SharpOptions;
}

/**
 * Reads the header only. @throws {InvalidImageError} when it is not a picture of a known format, or beyond the limits
 */
export async function inspectSource(path: string, bytes: Buffer, limits: Limits): Promise<SourceImage> {
  const open: SharpOptions = { failOn: "warning", limitInputPixels: limits.maxInputPixels, autoOrient: true };
  const header = await readHeader(path, bytes, open);
  if (!readableFormats.has(header.format)) {
    throw new InvalidImageError(
      path,
      `${header.format} pictures are not read. Convert it to jpeg, png, webp, gif, tiff or avif.`,
    );
  }
  const { width, height } = header.autoOrient;
  if (width * height > limits.maxInputPixels) {
    const pixels = `${width} × ${height} pixels, more than limits.maxInputPixels (${limits.maxInputPixels})`;
    throw new InvalidImageError(path, `${pixels}. Raise it, or give a smaller picture.`);
  }
  const space = header.space ?? "unknown";
  return {
    path,
    bytes,
    format: header.format,
    width,
    height,
    oriented: (header.orientation ?? 1) > 1,
    hasAlpha: header.hasAlpha,
    grey: header.channels <= 2 && (space === "b-w" || space === "grey16"),
    plain: header.depth === "uchar" && (space === "srgb" || space === "b-w"),
    open,
  };
}

async function readHeader(path: string, bytes: Buffer, open: SharpOptions): Promise<Metadata> {
  try {
    return await sharp(bytes, open).metadata();
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** What libvips said of an input, as an error of ours. */
export function unreadable(path: string, error: unknown): InvalidImageError {
  const reason = error instanceof Error ? firstLine(error.message) : String(error);
  return new InvalidImageError(
    path,
    `cannot be read as a picture (${reason}). Give an undamaged jpeg, png, webp, gif, tiff or avif file.`,
    {
      cause: error,
    },
  );
}

function firstLine(message: string): string {
  return (message.split("\n", 1)[0] ?? "").trim().replace(/\.$/, "");
}
