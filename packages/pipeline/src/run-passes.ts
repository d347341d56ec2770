import { performance } from "node:perf_hooks";
import type { RawImage } from "@imgq/filters";
import type { Sharp } from "sharp";
import sharp from "sharp";
import { applyEncode, type ResolvedEncode } from "./encode-options.ts";
import { LimitExceededError, OperationFailedError } from "./errors.ts";
import type { Pass } from "./plan.ts";
import { hasAlpha, openPixels } from "./raw-pixels.ts";
import {
  type ChainInput,
  chainToPixels,
  extendChain,
  type FinishChain,
  type PassSettings,
  runPixelPass,
} from "./run-pass.ts";
import { type SourceImage, unreadable } from "./source-image.ts";

/** Milliseconds that one pass took, and what it did. */
export interface PassTiming {
  readonly pass: string;
  readonly ms: number;
}

/** A file in memory. */
export interface EncodedImage {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A picture between passes: still encoded, or raw. */
export type Picture =
  | { readonly kind: "source"; readonly source: SourceImage }
  | { readonly kind: "pixels"; readonly pixels: RawImage };

export interface RunSettings extends PassSettings {
  /** The task's input, for error messages. */
  readonly input: string;
  readonly timings: PassTiming[];
  readonly titleOf: (pass: Pass, ends: { decodes: boolean; encodes: boolean }) => string;
}

/** Runs passes until raw pixels. */
export async function runToPixels(
  picture: Picture,
  passes: readonly Pass[],
  settings: RunSettings,
): Promise<RawImage> {
  let current = picture;
  for (const pass of passes) {
    settings.signal?.throwIfAborted();
    const from = current;
    const pixels = await timed(settings, pass, { decodes: from.kind === "source", encodes: false }, () =>
      pass.kind === "sharp" ? sharpToPixels(from, pass, settings) : runPixelPass(rawOf(from), pass, settings),
    );
    current = { kind: "pixels", pixels };
  }
  return rawOf(current);
}

/** Runs passes of which the last is sharp's, and encodes at its end. */
export async function runToFile(
  picture: Picture,
  passes: readonly Pass[],
  encode: ResolvedEncode,
  settings: RunSettings,
): Promise<EncodedImage> {
  const last = passes.at(-1);
  if (last === undefined) throw new Error("A plan that encodes has at least one pass; the plan is wrong.");
  const before = passes.slice(0, -1);
  const current: Picture =
    before.length === 0 ? picture : { kind: "pixels", pixels: await runToPixels(picture, before, settings) };
  settings.signal?.throwIfAborted();
  return timed(settings, last, { decodes: current.kind === "source", encodes: true }, async () => {
    const input = openPicture(current);
    const chain = await extendChain(input, last, settings);
    const grey = chain.grey && encode.format !== "gif";
    const image = grey ? chain.image.toColourspace("b-w") : chain.image;
    const { data, info } = await applyEncode(flattened(image, encode), encode).toBuffer({
      resolveWithObject: true,
    });
    return { bytes: data, width: info.width, height: info.pageHeight ?? info.height };
  });
}

async function sharpToPixels(picture: Picture, pass: Pass, settings: RunSettings): Promise<RawImage> {
  const input = openPicture(picture);
  const { image, grey } = await extendChain(input, pass, settings);
  return chainToPixels(image, grey, hasAlpha(input.channels), finishChain(picture, pass, settings));
}

/** An error while a file is decoded is the file's fault; on pixels it is the operation's. */
function finishChain(picture: Picture, pass: Pass, settings: RunSettings): FinishChain {
  return async (chain) => {
    try {
      return await chain.toBuffer({ resolveWithObject: true });
    } catch (error) {
      if (error instanceof Error && /too large for/i.test(error.message)) {
        throw new LimitExceededError(
          `${settings.input}: ${error.message.trim()}. Ask for a smaller picture or another format.`,
        );
      }
      if (picture.kind === "source") throw unreadable(settings.input, error);
      const names = pass.operations.map(settings.nameOf).join(", ");
      throw new OperationFailedError(settings.input, names === "" ? "encoding" : names, error);
    }
  };
}

function openPicture(picture: Picture): ChainInput {
  if (picture.kind === "pixels") return { ...picture.pixels, image: openPixels(picture.pixels) };
  const { source } = picture;
  const colours = source.grey ? 1 : 3;
  const channels = source.hasAlpha ? (colours === 1 ? 2 : 4) : colours;
  return { image: sharp(source.bytes, source.open), width: source.width, height: source.height, channels };
}

/** jpeg has no transparency; without this, transparent becomes black. */
function flattened(image: Sharp, encode: ResolvedEncode): Sharp {
  return encode.format === "jpeg" ? image.flatten({ background: encode.background }) : image;
}

function rawOf(picture: Picture): RawImage {
  if (picture.kind === "pixels") return picture.pixels;
  throw new Error("A source must be decoded by a pass of sharp first; the plan is wrong.");
}

async function timed<T>(
  settings: RunSettings,
  pass: Pass,
  ends: { decodes: boolean; encodes: boolean },
  run: () => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  const result = await run();
  settings.timings.push({ pass: settings.titleOf(pass, ends), ms: round(performance.now() - begun) });
  return result;
}

export function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
