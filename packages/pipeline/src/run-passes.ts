import { performance } from "node:perf_hooks";
import { InvalidFilterError, type PossibleChannels, type RawImage } from "@imgq/filters";
import sharp, { type OutputInfo, type Sharp } from "sharp";
import { channelsAfter, channelsOfPixels } from "./channels-after.ts";
import { applyEncode, type ResolvedEncode } from "./encode-options.ts";
import { LimitExceededError, OperationFailedError } from "./errors.ts";
import { type Chain, type ChainInput, extendChain, type PassSettings } from "./extend-chain.ts";
import { openWithMetadata } from "./metadata-carrier.ts";
import { passTitle } from "./pass-title.ts";
import type { Pass } from "./pass.ts";
import { greyOf, hasAlpha, openPixels } from "./raw-pixels.ts";
import { runPixelPass } from "./run-pixel-pass.ts";
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
  readonly frames: number;
}

/** A picture between passes: still encoded, or raw. */
export type Picture =
  | { readonly kind: "source"; readonly source: SourceImage }
  | { readonly kind: "pixels"; readonly pixels: RawImage };

export interface RunSettings extends PassSettings {
  /** The task's input, for error messages. */
  readonly input: string;
  /** Where an output that keeps metadata takes it from. */
  readonly source?: SourceImage;
  /** Filled as passes end. */
  readonly timings: PassTiming[];
}

/** Runs passes until raw pixels. The given picture stays as it is; what is made on the way is worked on in place. */
export async function runToPixels(
  picture: Picture,
  passes: readonly Pass[],
  settings: RunSettings,
): Promise<RawImage> {
  let current = picture;
  for (const pass of passes) {
    const from = current;
    const pixels = await timed(
      settings,
      passTitle(pass, { decodes: from.kind === "source", encodes: false }),
      () =>
        pass.kind === "sharp"
          ? sharpToPixels(from, pass, settings)
          : runPixelPass(rawOf(from), pass, settings, { reuseInput: from !== picture }),
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
  if (mustFlattenApart(last, hasAlpha(channelsOf(current)), encode)) {
    const pixels = await runToPixels(current, [last], settings);
    return runToFile({ kind: "pixels", pixels }, [bareSharpPass], encode, settings);
  }
  if (encode.keepMetadata && settings.source !== undefined) {
    const pixels = await runToPixels(current, [last], settings);
    return encodeWithMetadata(pixels, settings.source, encode, settings);
  }
  return timed(settings, passTitle(last, { decodes: current.kind === "source", encodes: true }), async () => {
    const input = openPicture(current);
    const chain = await extendChain(input, last, settings);
    const image = prepareForFormat(chain, channelsLeft(input, last), encode);
    const { data, info } = await finishChain(applyEncode(image, encode), current, last, settings);
    const { width, height } = chain.size ?? info;
    return { bytes: data, width, height, frames: 1 };
  });
}

function encodeWithMetadata(
  pixels: RawImage,
  source: SourceImage,
  encode: ResolvedEncode,
  settings: RunSettings,
): Promise<EncodedImage> {
  return timed(settings, "encode with metadata", async () => {
    const opaque = encode.format === "jpeg" ? await flatten(pixels, encode.background) : pixels;
    const image = await openWithMetadata(source, opaque);
    const chain = applyEncode(opaque.channels < 3 ? image.toColourspace("b-w") : image, encode);
    const { data } = await finishChain(chain, { kind: "pixels", pixels }, bareSharpPass, settings);
    return { bytes: data, width: pixels.width, height: pixels.height, frames: 1 };
  });
}

async function flatten(pixels: RawImage, background: string): Promise<RawImage> {
  if (!hasAlpha(pixels.channels)) return pixels;
  const chain = openPixels(pixels).flatten({ background }).raw();
  const { data, info } = await chain.toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

const bareSharpPass: Pass = { kind: "sharp", operations: [], because: undefined };

/**
 * sharp lays a picture over the background before all else. Scaling and softening may come after that as well as before;
 * of other operations transparency must be there to see, and what they add must be laid over it too.
 */
function mustFlattenApart({ operations }: Pass, alpha: boolean, { format }: ResolvedEncode): boolean {
  if (format !== "jpeg") return false;
  return operations.some(({ operation }) => {
    if (operation.kind !== "chain") return false;
    return operation.addsAlpha === true || (alpha && operation.slots.some((slot) => slot !== "blur"));
  });
}

function prepareForFormat(
  { image, grey }: Chain,
  { alpha }: PossibleChannels,
  encode: ResolvedEncode,
): Sharp {
  const inSpace = grey && encode.format !== "gif" ? image.toColourspace("b-w") : image;
  return alpha && encode.format === "jpeg" ? inSpace.flatten({ background: encode.background }) : inSpace;
}

function channelsLeft(input: ChainInput, { operations }: Pass): PossibleChannels {
  return operations.reduce<PossibleChannels>(
    (channels, { operation }) => channelsAfter(operation, channels),
    channelsOfPixels(input),
  );
}

async function sharpToPixels(picture: Picture, pass: Pass, settings: RunSettings): Promise<RawImage> {
  const input = openPicture(picture);
  const { image, grey, size } = await extendChain(input, pass, settings);
  // Raw output of a grey chain is its first channel alone, so where there may be alpha it goes by way of RGB.
  const chain = grey && !channelsLeft(input, pass).alpha ? image.toColourspace("b-w") : image;
  const { data, info } = await finishChain(chain.raw({ depth: "uchar" }), picture, pass, settings);
  // Not sharp's own figures where ours are known: those are wrong when a border follows a crop.
  const { width, height } = size ?? info;
  const pixels: RawImage = { data, width, height, channels: info.channels };
  if (data.length !== width * height * info.channels) {
    const title = passTitle(pass, { decodes: false, encodes: false });
    throw new InvalidFilterError(
      `${title}: made another size than ${width} × ${height}, as declared. Correct \`size\` in the filter's \`fuse\`.`,
    );
  }
  return grey ? greyOf(pixels) : pixels;
}

/** Runs a chain natively. */
async function finishChain(
  chain: Sharp,
  picture: Picture,
  pass: Pass,
  settings: RunSettings,
): Promise<{ data: Buffer; info: OutputInfo }> {
  try {
    return await chain.toBuffer({ resolveWithObject: true });
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("Processed image is too large for the")) {
      const reason = error.message.trim().replace(/\.$/, "");
      throw new LimitExceededError(
        `${settings.input}: ${reason}. Ask for a smaller picture or another format.`,
      );
    }
    if (picture.kind === "source") await refuseDamaged(picture.source, error);
    throw new OperationFailedError(settings.input, passTitle(pass, { decodes: false, encodes: true }), error);
  }
}

/** A chain that decodes and computes fails by the file or by an operation: decoding alone tells which. */
async function refuseDamaged({ path, bytes, open }: SourceImage, error: unknown): Promise<void> {
  try {
    await sharp(bytes, open).raw().toBuffer();
  } catch {
    throw unreadable(path, bytes, error);
  }
}

function openPicture(picture: Picture): ChainInput {
  if (picture.kind === "pixels") return { ...picture.pixels, image: openPixels(picture.pixels) };
  const { bytes, open, width, height } = picture.source;
  return { image: sharp(bytes, open), width, height, channels: channelsOf(picture) };
}

function channelsOf(picture: Picture): RawImage["channels"] {
  if (picture.kind === "pixels") return picture.pixels.channels;
  const { grey, hasAlpha: alpha } = picture.source;
  if (grey) return alpha ? 2 : 1;
  return alpha ? 4 : 3;
}

function rawOf(picture: Picture): RawImage {
  if (picture.kind === "pixels") return picture.pixels;
  throw new Error("A source must be decoded by a pass of sharp first; the plan is wrong.");
}

/** Runs a pass and notes how long it took; not at all when the task was aborted. */
export async function timed<T>(settings: RunSettings, pass: string, run: () => Promise<T>): Promise<T> {
  settings.signal?.throwIfAborted();
  const begun = performance.now();
  const result = await run();
  settings.timings.push({ pass, ms: round(performance.now() - begun) });
  return result;
}

export function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
