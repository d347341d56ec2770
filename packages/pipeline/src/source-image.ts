import type { Size } from "@imgq/filters";
import sharp, { type Metadata, type SharpOptions } from "sharp";
import type { Animation } from "./encode-options.ts";
import { InvalidImageError } from "./errors.ts";
import { beginsAsPicture } from "./known-format.ts";
import { type JpegHeader, readJpegHeader } from "./jpeg-header.ts";
import type { Limits } from "./options.ts";

const readableFormats = new Set(["jpeg", "png", "webp", "gif", "tiff", "heif", "avif"]);

const animatedFormats = new Set(["gif", "webp"]);

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
  /** Frames to read: 1 unless the task asks for animation. */
  readonly frames: number;
  readonly animation: Animation;
  readonly open: SharpOptions;
}

/**
 * Reads the header only. @throws {InvalidImageError} when it is not a picture of a known format, or beyond the limits
 */
export async function inspectSource(
  path: string,
  bytes: Buffer,
  limits: Limits,
  { animated = false }: { readonly animated?: boolean } = {},
): Promise<SourceImage> {
  const still: SharpOptions = {
    failOn: "warning",
    limitInputPixels: limits.maxInputPixels,
    autoOrient: true,
  };
  const jpeg = readJpegHeader(bytes);
  if (jpeg !== undefined) return ordinaryJpeg(path, bytes, still, limits, jpeg);
  const header = await readHeader(path, bytes, still);
  if (!readableFormats.has(header.format)) {
    throw new InvalidImageError(
      path,
      "unknown-format",
      `${header.format} pictures are not read. Convert it to jpeg, png, webp, gif, tiff or avif.`,
    );
  }
  const { width, height } = header.autoOrient;
  const frames = animated && animatedFormats.has(header.format) ? (header.pages ?? 1) : 1;
  refuseTooLarge(path, width, height, frames, limits);
  const space = header.space ?? "unknown";
  const animation = frames > 1 ? await readAnimation(path, bytes, still) : {};
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
    frames,
    animation,
    // libvips does not turn a strip of frames.
    open: frames > 1 ? { ...still, pages: frames, autoOrient: false } : still,
  };
}

function ordinaryJpeg(
  path: string,
  bytes: Buffer,
  open: SharpOptions,
  limits: Limits,
  { width: across, height: down, channels, orientation }: JpegHeader,
): SourceImage {
  // From the fifth on, orientations turn by a quarter.
  const [width, height] = orientation < 5 ? [across, down] : [down, across];
  refuseTooLarge(path, width, height, 1, limits);
  return {
    path,
    bytes,
    format: "jpeg",
    width,
    height,
    oriented: orientation > 1,
    hasAlpha: false,
    grey: channels === 1,
    plain: true,
    frames: 1,
    animation: {},
    open,
  };
}

function refuseTooLarge(path: string, width: number, height: number, frames: number, limits: Limits): void {
  if (frames > limits.maxFrames) {
    throw new InvalidImageError(
      path,
      "too-many-frames",
      `${frames} frames, more than limits.maxFrames (${limits.maxFrames}). Raise it, or process the first frame alone.`,
    );
  }
  if (width * height * frames <= limits.maxInputPixels) return;
  const pixels = `${width} × ${height} pixels${frames > 1 ? ` in each of ${frames} frames` : ""}`;
  throw new InvalidImageError(
    path,
    "too-many-pixels",
    `${pixels}, more than limits.maxInputPixels (${limits.maxInputPixels}). Raise it, or give a smaller picture.`,
  );
}

/** Only known when all frames are opened. */
async function readAnimation(path: string, bytes: Buffer, open: SharpOptions): Promise<Animation> {
  const { delay, loop } = await readHeader(path, bytes, { ...open, pages: -1 });
  return { ...(delay === undefined ? {} : { delay }), ...(loop === undefined ? {} : { loop }) };
}

async function readHeader(path: string, bytes: Buffer, open: SharpOptions): Promise<Metadata> {
  try {
    return await sharp(bytes, open).metadata();
  } catch (error) {
    throw unreadable(path, bytes, error);
  }
}

/** A whole file of a format that is read, in a codec or compression that is not (HEIC). */
const notRead = /unsupported (?!image format)|not (?:supported|configured|implemented)/i;

/** What libvips said of an input, as an error of ours. */
export function unreadable(path: string, bytes: Buffer, error: unknown): InvalidImageError {
  const said = error instanceof Error ? firstLine(error.message) : String(error);
  const detail = said.replaceAll('"', "'");
  if (/exceeds pixel limit/i.test(said)) {
    return new InvalidImageError(
      path,
      "too-many-pixels",
      `has more pixels than limits.maxInputPixels ("${detail}"). Raise it, or give a smaller picture.`,
      { cause: error, detail },
    );
  }
  const known = beginsAsPicture(bytes) && !notRead.test(said);
  const what = known ? "damaged or cut off" : "not of a known format";
  const remedy = known ? "Send it again, whole." : "Give a jpeg, png, webp, gif, tiff or avif file.";
  return new InvalidImageError(
    path,
    known ? "damaged" : "unknown-format",
    `cannot be read as a picture: ${what} ("${detail}"). ${remedy}`,
    { cause: error, detail },
  );
}

function firstLine(message: string): string {
  return (message.split("\n", 1)[0] ?? "").trim().replace(/\.$/, "");
}
