import { extname } from "node:path";
import { integerFrom, oneOf, parameters } from "@imgq/filters";
import type { Sharp } from "sharp";
import * as v from "valibot";
import { InvalidTaskError } from "./errors.ts";

export const outputFormats = ["jpeg", "png", "webp", "avif", "tiff", "gif"] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** How an output is encoded. An option that the format does not have is refused. */
export interface EncodeOptions {
  /** @default by the output's extension */
  readonly format?: OutputFormat;
  /** 1 to 100, for jpeg, webp, avif and tiff with jpeg compression. @default 80 (avif 50) */
  readonly quality?: number;
  /** Lossless webp or avif. @default false */
  readonly lossless?: boolean;
  /** More work for a smaller file: webp 0 to 6, avif 0 to 9, gif 1 to 10. @default webp 4, avif 2, gif 7 */
  readonly effort?: number;
  /** png: zlib level 0 to 9. @default 6 */
  readonly compressionLevel?: number;
  /** png: at most 256 colours, smaller and lossy. @default false */
  readonly palette?: boolean;
  /** jpeg, png: readable while it loads. @default false */
  readonly progressive?: boolean;
  /** jpeg: about 4 % smaller at 3 times the encoding time. @default false, as OpenCV, Pillow and vips do */
  readonly optimize?: boolean;
  /** jpeg, avif: `4:4:4` keeps full colour resolution. @default "4:2:0" (avif "4:4:4") */
  readonly chromaSubsampling?: "4:2:0" | "4:4:4";
  /** tiff. @default "lzw" */
  readonly compression?: "none" | "lzw" | "deflate" | "jpeg";
  /** jpeg has no transparency: the colour behind, as #rrggbb. @default "#ffffff" */
  readonly background?: string;
  /** `keep`: a still's EXIF and XMP, less the orientation that was applied. Costs some time; not for tiff and gif. @default "strip" */
  readonly metadata?: "strip" | "keep";
}

/** Encode options of which only the format was checked; the rest is checked with the format decided. */
export type UncheckedEncode = Readonly<Record<string, unknown>> & {
  readonly format?: OutputFormat | undefined;
};

/** Encode options with the format decided and every default filled in. */
export type ResolvedEncode = { readonly keepMetadata: boolean } & FormatEncode;

type FormatEncode =
  | { readonly format: "jpeg"; readonly background: string; readonly options: JpegOptions }
  | {
      readonly format: "png";
      readonly options: { compressionLevel: number; palette: boolean; progressive: boolean };
    }
  | { readonly format: "webp"; readonly options: { quality: number; lossless: boolean; effort: number } }
  | {
      readonly format: "avif";
      readonly options: { quality: number; lossless: boolean; effort: number; chromaSubsampling: string };
    }
  | {
      readonly format: "tiff";
      readonly options: { quality: number; compression: "none" | "lzw" | "deflate" | "jpeg" };
    }
  | { readonly format: "gif"; readonly options: { effort: number } };

interface JpegOptions {
  readonly quality: number;
  readonly progressive: boolean;
  readonly optimiseCoding: boolean;
  readonly chromaSubsampling: string;
}

const metadata = v.optional(oneOf(["strip", "keep"]), "strip");
const quality = integerFrom(1, 100);
const flag = v.boolean("must be true or false");
const format = v.optional(v.string());
const subsampling = oneOf(["4:2:0", "4:4:4"]);
const hexColour = v.pipe(
  v.string("must be a colour as #rrggbb"),
  v.regex(/^#[0-9a-f]{6}$/i, "must be a colour as #rrggbb"),
);

const schemas = {
  jpeg: parameters({
    format,
    metadata,
    quality: v.optional(quality, 80),
    progressive: v.optional(flag, false),
    optimize: v.optional(flag, false),
    chromaSubsampling: v.optional(subsampling, "4:2:0"),
    background: v.optional(hexColour, "#ffffff"),
  }),
  png: parameters({
    format,
    metadata,
    compressionLevel: v.optional(integerFrom(0, 9), 6),
    palette: v.optional(flag, false),
    progressive: v.optional(flag, false),
  }),
  webp: parameters({
    format,
    metadata,
    quality: v.optional(quality, 80),
    lossless: v.optional(flag, false),
    effort: v.optional(integerFrom(0, 6), 4),
  }),
  avif: parameters({
    format,
    metadata,
    quality: v.optional(quality, 50),
    lossless: v.optional(flag, false),
    effort: v.optional(integerFrom(0, 9), 2),
    chromaSubsampling: v.optional(subsampling, "4:4:4"),
  }),
  tiff: parameters({
    format,
    quality: v.optional(quality, 80),
    compression: v.optional(oneOf(["none", "lzw", "deflate", "jpeg"]), "lzw"),
  }),
  gif: parameters({ format, effort: v.optional(integerFrom(1, 10), 7) }),
};

const byExtension: Readonly<Record<string, OutputFormat>> = {
  ".jpg": "jpeg",
  ".jpeg": "jpeg",
  ".png": "png",
  ".webp": "webp",
  ".avif": "avif",
  ".tif": "tiff",
  ".tiff": "tiff",
  ".gif": "gif",
};

/** Decides the format, explicit before extension, and checks its options. @throws {InvalidTaskError} */
export function resolveEncode(output: string, encode: UncheckedEncode = {}): ResolvedEncode {
  const chosen = encode.format ?? byExtension[extname(output).toLowerCase()];
  if (chosen === undefined || !outputFormats.includes(chosen)) {
    throw new InvalidTaskError(
      `${output}: the output format is not known. End the name in ${Object.keys(byExtension).join(", ")}, or set encode.format to one of ${outputFormats.join(", ")}.`,
    );
  }
  switch (chosen) {
    case "jpeg": {
      const { background, optimize, format: _, metadata: kept, ...rest } = check(output, "jpeg", encode);
      const options = { ...rest, optimiseCoding: optimize };
      return { format: "jpeg", keepMetadata: kept === "keep", background, options };
    }
    case "png": {
      const { format: _, metadata: kept, ...options } = check(output, "png", encode);
      return { format: "png", keepMetadata: kept === "keep", options };
    }
    case "webp": {
      const { format: _, metadata: kept, ...options } = check(output, "webp", encode);
      return { format: "webp", keepMetadata: kept === "keep", options };
    }
    case "avif": {
      const { format: _, metadata: kept, ...options } = check(output, "avif", encode);
      return { format: "avif", keepMetadata: kept === "keep", options };
    }
    case "tiff": {
      const { format: _, ...options } = check(output, "tiff", encode);
      return { format: "tiff", keepMetadata: false, options };
    }
    case "gif": {
      const { format: _, ...options } = check(output, "gif", encode);
      return { format: "gif", keepMetadata: false, options };
    }
  }
}

/** How an animation is played. */
export interface Animation {
  /** Milliseconds that each frame is shown. */
  readonly delay?: number[];
  /** How often it is played; 0 for ever. */
  readonly loop?: number;
}

/** Sets the encoder of a chain. Metadata is left out, as sharp does unless told otherwise. */
export function applyEncode(image: Sharp, encode: ResolvedEncode, animation: Animation = {}): Sharp {
  switch (encode.format) {
    case "jpeg":
      return image.jpeg(encode.options);
    case "png":
      return image.png(encode.options);
    case "webp":
      return image.webp({ ...encode.options, ...animation });
    case "avif":
      return image.avif(encode.options);
    case "tiff":
      return image.tiff(encode.options);
    case "gif":
      return image.gif({ ...encode.options, ...animation });
  }
}

function check<F extends OutputFormat>(
  output: string,
  name: F,
  encode: UncheckedEncode,
): v.InferOutput<(typeof schemas)[F]> {
  const result = v.safeParse(schemas[name], encode);
  if (result.success) return result.output;
  const reasons = result.issues.map((issue) => `encode.${v.getDotPath(issue) ?? ""} ${issue.message}`);
  throw new InvalidTaskError(
    `${output}: for ${name}, ${reasons.join("; ")}. Correct it, or leave it out for the default.`,
  );
}
