import { gzipSync } from "node:zlib";
import { chunk, compressedZeros, flatRows, png } from "./png.ts";
import { photo } from "./odd-pictures.ts";

/** Files that are no pictures, or that must not be processed, by name. Each must be refused for good. */
export async function badPictures(): Promise<ReadonlyMap<string, Buffer>> {
  const good = new Map(
    await Promise.all(
      (["jpeg", "png", "webp", "gif", "tiff", "avif"] as const).map(
        async (format) => [format, await photo().toFormat(format).toBuffer()] as const,
      ),
    ),
  );
  const bad = new Map<string, Buffer>([
    ["empty.jpg", Buffer.alloc(0)],
    ["one-byte.jpg", Buffer.from([0xff])],
    ["zeros.png", Buffer.alloc(10_000)],
    ["random.jpg", random(20_000)],
    ["text.png", Buffer.from("This is not a picture.\n".repeat(50))],
    ["page.html", Buffer.from("<!doctype html><title>x</title><img src=x onerror=alert(1)>")],
    ["drawing.svg", svg("")],
    ["drawing-with-the-name-of-a.png", svg("")],
    ["entities.svg", svg('<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>')],
    ["outside.svg", svg('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>')],
    ["drawing.svgz", gzipSync(svg(""))],
    ["document.pdf", Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF")],
    ["pixmap.ppm", Buffer.from("P6\n2 2\n255\n" + "x".repeat(12))],
    [
      "script.mvg",
      Buffer.from("push graphic-context\nviewbox 0 0 1 1\nimage over 0,0 0,0 'https://127.0.0.1/x'\n"),
    ],
    ["light.hdr", Buffer.from("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 2 +X 2\n" + "x".repeat(16))],
    ["bitmap.bmp", Buffer.concat([Buffer.from("BM"), Buffer.alloc(100)])],
    ["own.v", Buffer.concat([Buffer.from([0x08, 0xf2, 0xa6, 0xb6]), Buffer.alloc(64)])],
    ["archive-of-a.jpg", gzipSync(good.get("jpeg") ?? "")],
    [
      "claims-60000-squared.png",
      png({ width: 60_000, height: 60_000, depth: 8, colour: 6 }, flatRows(1, 100, 0)),
    ],
    ["bomb-16000-squared.png", bomb(16_000)],
    ["claims-more-rows.png", png({ width: 50, height: 5_000, depth: 8, colour: 0 }, flatRows(10, 50, 1))],
    ["no-pixels.png", png({ width: 0, height: 10, depth: 8, colour: 0 }, flatRows(10, 0, 1))],
    ["no-rows.png", png({ width: 10, height: 10, depth: 8, colour: 0 })],
    ["palette-without-colours.png", png({ width: 8, height: 8, depth: 8, colour: 3 }, flatRows(8, 8, 3))],
    ["claims-65500-squared.jpg", resizedHeader(good.get("jpeg") ?? Buffer.alloc(0))],
    ["endless-directory.tiff", endlessTiff()],
    ["wrong-length.webp", wrongLength(good.get("webp") ?? Buffer.alloc(0))],
    ["only-a-header.gif", (good.get("gif") ?? Buffer.alloc(0)).subarray(0, 13)],
  ]);
  for (const [format, bytes] of good) {
    for (const part of [0.02, 0.3, 0.6, 0.9]) {
      bad.set(`cut-at-${part * 100}-percent.${format}`, bytes.subarray(0, Math.floor(bytes.length * part)));
    }
  }
  return bad;
}

/** Metadata that unpacks to 200 MB beside a small, whole picture: processed or refused, but neither slow nor large. */
export function packedMetadata(): ReadonlyMap<string, Buffer> {
  const zeros = compressedZeros(200_000_000);
  const header = { width: 8, height: 8, depth: 8, colour: 0 } as const;
  const label = Buffer.from("x\0\0", "latin1");
  return new Map([
    ["text-bomb.png", png(header, chunk("zTXt", Buffer.concat([label, zeros])), flatRows(8, 8, 1))],
    ["profile-bomb.png", png(header, chunk("iCCP", Buffer.concat([label, zeros])), flatRows(8, 8, 1))],
  ]);
}

/** Each good picture with bytes changed at random: anything may come of it but a crash, a hang or an untyped error. */
export async function damagedPictures(seed: number, copies: number): Promise<ReadonlyMap<string, Buffer>> {
  const next = generator(seed);
  const damaged = new Map<string, Buffer>();
  for (const format of ["jpeg", "png", "webp", "gif", "tiff", "avif"] as const) {
    const good = await photo().toFormat(format).toBuffer();
    for (let copy = 0; copy < copies; copy++) {
      const bytes = Buffer.from(good);
      for (let change = 0; change <= next() % 8; change++) bytes[next() % bytes.length] = next() % 256;
      damaged.set(`damaged-${copy}.${format}`, bytes);
    }
  }
  return damaged;
}

function svg(prolog: string): Buffer {
  return Buffer.from(
    `<?xml version="1.0"?>${prolog}<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>`,
  );
}

/** 256 million pixels in about 30 KB. */
function bomb(side: number): Buffer {
  const rows = compressedZeros((side / 8 + 1) * side);
  return png({ width: side, height: side, depth: 1, colour: 0 }, chunk("IDAT", rows));
}

function resizedHeader(jpeg: Buffer): Buffer {
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  const lying = Buffer.from(jpeg);
  lying.writeUInt16BE(65_500, frame + 5);
  lying.writeUInt16BE(65_500, frame + 7);
  return lying;
}

/** A directory whose next one is itself. */
function endlessTiff(): Buffer {
  const bytes = Buffer.alloc(14);
  bytes.write("II*\0", "latin1");
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(0, 8);
  bytes.writeUInt32LE(8, 10);
  return bytes;
}

function wrongLength(webp: Buffer): Buffer {
  const lying = Buffer.from(webp);
  lying.writeUInt32LE(0x7fffffff, 16);
  return lying;
}

function random(size: number): Buffer {
  const next = generator(7);
  return Buffer.from(Array.from({ length: size }, () => next() % 256));
}

function generator(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
