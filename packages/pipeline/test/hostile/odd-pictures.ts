import sharp, { type Sharp } from "sharp";
import { chunk, flatRows, png } from "./png.ts";

/** Pictures that look strange and are valid, by file name. Each must be processed. */
export async function oddPictures(): Promise<ReadonlyMap<string, Buffer>> {
  const jpeg = await photo().jpeg().toBuffer();
  const still = await photo().png().toBuffer();
  const made: Record<string, Buffer | Promise<Buffer>> = {
    "baseline.jpg": jpeg,
    "progressive.jpg": photo().jpeg({ progressive: true }).toBuffer(),
    "mozjpeg.jpg": photo().jpeg({ mozjpeg: true }).toBuffer(),
    "grey.jpg": photo().toColourspace("b-w").jpeg().toBuffer(),
    "cmyk.jpg": photo().toColourspace("cmyk").jpeg().toBuffer(),
    "full-chroma.jpg": photo().jpeg({ chromaSubsampling: "4:4:4" }).toBuffer(),
    "p3-profile.jpg": photo().withIccProfile("p3").jpeg().toBuffer(),
    "broken-exif.jpg": insertAfterStart(jpeg, segment(0xe1, "Exif\0\0garbage that is no TIFF header")),
    "broken-icc.jpg": insertAfterStart(jpeg, segment(0xe2, "ICC_PROFILE\0\x01\x01this is no profile")),
    "comment-of-html.jpg": insertAfterStart(
      jpeg,
      segment(0xfe, "<script>alert(1)</script><?php phpinfo() ?>"),
    ),
    "with-a-zip-behind.jpg": Buffer.concat([jpeg, Buffer.from("PK\x05\x06" + "\0".repeat(18), "latin1")]),
    "png-with-the-name-of-a.jpg": still,
    "without-a-name-of-its-kind": still,
    "interlaced.png": photo().png({ progressive: true }).toBuffer(),
    "palette.png": photo().png({ palette: true, colours: 7 }).toBuffer(),
    "one-bit.png": png({ width: 19, height: 9, depth: 1, colour: 0 }, flatRows(9, 3, 0b10110010)),
    "two-bit.png": png({ width: 19, height: 9, depth: 2, colour: 0 }, flatRows(9, 5, 0b11100100)),
    "deep.png": png({ width: 9, height: 9, depth: 16, colour: 2 }, flatRows(9, 54, 0x7b)),
    "deep-grey-alpha.png": png({ width: 9, height: 9, depth: 16, colour: 4 }, flatRows(9, 36, 0x7b)),
    "grey-alpha.png": png({ width: 9, height: 9, depth: 8, colour: 4 }, flatRows(9, 18, 0x7b)),
    "clear.png": sharp({ create: { width: 9, height: 9, channels: 4, background: "#00000000" } })
      .png()
      .toBuffer(),
    "palette-with-alpha.png": png(
      { width: 8, height: 8, depth: 4, colour: 3 },
      chunk("PLTE", Buffer.from([255, 0, 0, 0, 255, 0])),
      chunk("tRNS", Buffer.from([128])),
      flatRows(8, 4, 0x01),
    ),
    "unknown-chunk.png": png(
      { width: 8, height: 8, depth: 8, colour: 0 },
      chunk("teSt", Buffer.alloc(99)),
      flatRows(8, 8, 9),
    ),
    "one-pixel.png": png({ width: 1, height: 1, depth: 8, colour: 0 }, flatRows(1, 1, 200)),
    "one-pixel.gif": sharp({ create: { width: 1, height: 1, channels: 3, background: "red" } })
      .gif()
      .toBuffer(),
    "very-wide.png": png({ width: 30_000, height: 1, depth: 8, colour: 0 }, flatRows(1, 30_000, 7)),
    "very-tall.png": png({ width: 1, height: 30_000, depth: 8, colour: 0 }, flatRows(30_000, 1, 7)),
    "lossless.webp": photo().webp({ lossless: true }).toBuffer(),
    "alpha.webp": photo().ensureAlpha(0.4).webp().toBuffer(),
    "animated.webp": frames(3).webp().toBuffer(),
    "animated.gif": frames(3).gif().toBuffer(),
    "many-frames.gif": frames(400).gif().toBuffer(),
    "lzw.tiff": photo().tiff({ compression: "lzw" }).toBuffer(),
    "jpeg.tiff": photo().tiff({ compression: "jpeg" }).toBuffer(),
    "tiled.tiff": photo().tiff({ tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer(),
    "pyramid.tiff": photo().tiff({ pyramid: true, tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer(),
    "big.tiff": photo().tiff({ bigtiff: true }).toBuffer(),
    "one-bit.tiff": photo()
      .toColourspace("b-w")
      .threshold()
      .tiff({ bitdepth: 1, compression: "none" })
      .toBuffer(),
    "deep.tiff": photo().toColourspace("rgb16").tiff().toBuffer(),
    "cmyk.tiff": photo().toColourspace("cmyk").tiff().toBuffer(),
    "lab.tiff": photo().toColourspace("lab").tiff().toBuffer(),
    "eight-bit.avif": photo().avif({ effort: 0 }).toBuffer(),
    "lossless.avif": photo().avif({ effort: 0, lossless: true }).toBuffer(),
    "alpha.avif": photo().ensureAlpha(0.4).avif({ effort: 0 }).toBuffer(),
  };
  for (let orientation = 1; orientation <= 8; orientation++) {
    made[`orientation-${orientation}.jpg`] = photo().withMetadata({ orientation }).jpeg().toBuffer();
  }
  return new Map(
    await Promise.all(Object.entries(made).map(async ([name, bytes]) => [name, await bytes] as const)),
  );
}

/** 61 × 37 pixels of colour and some detail; odd on purpose. */
export function photo(): Sharp {
  const [width, height] = [61, 37];
  const data = Uint8Array.from(
    { length: width * height * 3 },
    (_, index) => (index * index * 7 + index * 13) % 251,
  );
  return sharp(data, { raw: { width, height, channels: 3 } }).blur(1.5);
}

function frames(count: number): Sharp {
  const [width, pageHeight] = [16, 12];
  const data = Uint8Array.from(
    { length: width * pageHeight * count * 3 },
    (_, index) => Math.floor(index / 999) % 256,
  );
  return sharp(data, { raw: { width, height: pageHeight * count, channels: 3, pageHeight } });
}

function segment(marker: number, content: string): Buffer {
  const body = Buffer.from(content, "latin1");
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

function insertAfterStart(jpeg: Buffer, part: Buffer): Buffer {
  return Buffer.concat([jpeg.subarray(0, 2), part, jpeg.subarray(2)]);
}
