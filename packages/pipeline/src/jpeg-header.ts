import type { Size } from "@imgq/filters";

/** What the header of a jpeg says. The size is that of the stored picture, before the orientation is applied. */
export interface JpegHeader extends Size {
  readonly channels: 1 | 3;
  /** EXIF orientation, 1 (upright) to 8. */
  readonly orientation: number;
}

const START = 0xffd8;
const EXIF = Buffer.from("Exif\0\0", "latin1");
const ORIENTATION_TAG = 0x0112;
const SHORT = 3;

/**
 * Reads the header of an ordinary jpeg, which spares opening it with libvips once more. Undefined for what is in any way
 * unusual (CMYK, 12 bits, several EXIF blocks, damage): libvips must then say what it takes it for.
 */
export function readJpegHeader(bytes: Buffer): JpegHeader | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== START) return undefined;
  let orientation: number | undefined;
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes.readUInt16BE(at);
    const length = bytes.readUInt16BE(at + 2);
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || segment.length !== length - 2) return undefined;
    if (isFrame(marker)) return readFrame(segment, orientation ?? 1);
    if (!mayStandBeforeFrame(marker)) return undefined;
    if (marker === 0xffe1 && segment.subarray(0, EXIF.length).equals(EXIF)) {
      if (orientation !== undefined) return undefined;
      orientation = readOrientation(segment.subarray(EXIF.length));
      if (orientation === undefined) return undefined;
    }
    at += 2 + length;
  }
  return undefined;
}

/** Baseline, extended or progressive, Huffman coded. */
function isFrame(marker: number): boolean {
  return marker >= 0xffc0 && marker <= 0xffc2;
}

/** Tables, restart interval, application data and comments. */
function mayStandBeforeFrame(marker: number): boolean {
  return (
    marker === 0xffc4 ||
    marker === 0xffdb ||
    marker === 0xffdd ||
    marker === 0xfffe ||
    (marker & 0xfff0) === 0xffe0
  );
}

function readFrame(segment: Buffer, orientation: number): JpegHeader | undefined {
  if (segment.length < 6) return undefined;
  const [precision, channels] = [segment[0], segment[5]];
  const [height, width] = [segment.readUInt16BE(1), segment.readUInt16BE(3)];
  if (precision !== 8 || (channels !== 1 && channels !== 3)) return undefined;
  if (width === 0 || height === 0 || segment.length !== 6 + 3 * channels) return undefined;
  return { width, height, channels, orientation };
}

/** The orientation in a TIFF structure's first directory; 1 where it holds none, undefined where it is not plain. */
function readOrientation(tiff: Buffer): number | undefined {
  if (tiff.length < 14) return undefined;
  const order = tiff.toString("latin1", 0, 4);
  if (order !== "II*\0" && order !== "MM\0*") return undefined;
  const little = order === "II*\0";
  const short = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const long = (at: number): number => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const directory = long(4);
  if (directory < 8 || directory + 2 > tiff.length) return undefined;
  const entries = short(directory);
  if (directory + 2 + entries * 12 > tiff.length) return undefined;
  let orientation: number | undefined;
  for (let entry = directory + 2; entry < directory + 2 + entries * 12; entry += 12) {
    if (short(entry) !== ORIENTATION_TAG) continue;
    const value = short(entry + 8);
    const plain = short(entry + 2) === SHORT && long(entry + 4) === 1 && value >= 1 && value <= 8;
    if (!plain || orientation !== undefined) return undefined;
    orientation = value;
  }
  return orientation ?? 1;
}
