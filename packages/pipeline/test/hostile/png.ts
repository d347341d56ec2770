import { crc32, deflateSync } from "node:zlib";

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A PNG put together chunk by chunk, so that it can lie. */
export function png(header: PngHeader, ...chunks: readonly Buffer[]): Buffer {
  const { width, height, depth, colour, interlace = 0 } = header;
  const ihdr = Buffer.alloc(13);
  ihdr.writeUInt32BE(width, 0);
  ihdr.writeUInt32BE(height, 4);
  ihdr.set([depth, colour, 0, 0, interlace], 8);
  return Buffer.concat([signature, chunk("IHDR", ihdr), ...chunks, chunk("IEND", Buffer.alloc(0))]);
}

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  /** 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGB + alpha. */
  readonly colour: 0 | 2 | 3 | 4 | 6;
  readonly interlace?: 0 | 1;
}

export function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const framed = Buffer.alloc(8 + body.length);
  framed.writeUInt32BE(content.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), 4 + body.length);
  return framed;
}

/** The IDAT chunk of unfiltered rows of equal bytes. */
export function flatRows(rows: number, bytesPerRow: number, value: number): Buffer {
  const row = Buffer.alloc(bytesPerRow + 1, value);
  row[0] = 0;
  return chunk("IDAT", deflateSync(Buffer.concat(Array.from({ length: rows }, () => row)), { level: 9 }));
}

/** A chunk whose zlib stream is `size` zero bytes long. */
export function compressedZeros(size: number): Buffer {
  return deflateSync(Buffer.alloc(size), { level: 9 });
}
