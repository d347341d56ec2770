import { join } from "node:path";
import sharp, { type Sharp } from "sharp";

export interface SingleFilter {
  /** As imgq reads it. */
  readonly text: string;
  /** The fastest of sharp's own operations that does this or what comes nearest, as one would write it. */
  readonly sharpForm: string;
  readonly apply: (image: Sharp, materials: Materials) => Sharp | Promise<Sharp>;
  /** The transparent picture instead of the photograph. @default false */
  readonly transparent?: boolean;
  /** To png, which keeps transparency, instead of to jpeg. @default false */
  readonly keepsAlpha?: boolean;
}

/** What sharp lays over the photograph, made beforehand. */
export interface Materials {
  readonly width: number;
  readonly height: number;
  /** Path of a small picture with alpha. */
  readonly mark: string;
  /** A factor for each pixel: 255 in the middle, less towards the corners. */
  readonly shade: Buffer;
  /** White with rounded corners, RGBA. */
  readonly corners: Buffer;
  /** The colours' two upper bits. */
  readonly upperBits: Buffer;
}

const saturation: Matrix = [
  [1.701, -0.587, -0.114],
  [-0.299, 1.413, -0.114],
  [-0.299, -0.587, 1.886],
];
const hue: Matrix = [
  [0.07, 0.787 - 0.072, 0.215],
  [0.356, 1, -0.356],
  [-0.574, 1.43, 0.144],
];
const sepia: Matrix = [
  [0.393, 0.769, 0.189],
  [0.349, 0.686, 0.168],
  [0.272, 0.534, 0.131],
];
type Matrix = [[number, number, number], [number, number, number], [number, number, number]];

const luma = [0.299, 0.587, 0.114];
const shadow = [0x1b, 0x14, 0x64];
const highlight = [0xff, 0xd5, 0x6b];
const duotone = shadow.map((from, colour) =>
  luma.map((weight) => (weight * ((highlight[colour] ?? 0) - from)) / 255),
) as Matrix;

/** Every filter of the catalogue that sharp can do by itself, or nearly; files are those of `makeMaterials`. */
export const singles: readonly SingleFilter[] = [
  one("autoOrient", "autoOrient()", (image) => image),
  one("resize(800, 600)", "resize(800, 600)", (image) => image.resize(800, 600)),
  one("crop(800, 600, 400, 300)", "extract(…)", (image) =>
    image.extract({ left: 400, top: 300, width: 800, height: 600 }),
  ),
  one("smartCrop(400, 400)", "resize(…, attention)", (image) =>
    image.resize({ width: 400, height: 400, position: sharp.strategy.attention }),
  ),
  one("rotate(90)", "rotate(90)", (image) => image.rotate(90)),
  one("rotate(-8, white)", "rotate(-8)", (image) => image.rotate(-8, { background: "white" })),
  one("flip", "flip()", (image) => image.flip()),
  one("flop", "flop()", (image) => image.flop()),
  one("trim(10)", "trim(10)", (image) => image.trim({ threshold: 10 })),
  one("pad(20, 20, 60, 20)", "extend(…)", (image) =>
    image.extend({ top: 20, right: 20, bottom: 60, left: 20, background: "white" }),
  ),
  one("border(12, #d33)", "extend(12)", (image) =>
    image.extend({ top: 12, right: 12, bottom: 12, left: 12, background: "#d33" }),
  ),
  one("grayscale", "greyscale()", (image) => image.greyscale()),
  one("brightness(1.2)", "linear(1.2, 0)", (image) => image.linear(1.2, 0)),
  one("contrast(1.6)", "linear(1.6, -76.5)", (image) => image.linear(1.6, -76.5)),
  one("gamma(1.8)", "gamma(1, 1.8): rounds down", (image) => image.gamma(1, 1.8)),
  one("saturation(2)", "recomb(…)", (image) => image.recomb(saturation)),
  one("hue(90)", "recomb(…)", (image) => image.recomb(hue)),
  one("tint(#2a9d8f)", "tint(…)", (image) => image.tint("#2a9d8f")),
  one("sepia", "recomb(…)", (image) => image.recomb(sepia)),
  one("negate", "negate()", (image) => image.negate({ alpha: false })),
  one("normalize", "normalise()", (image) => image.normalise()),
  one("equalize", "clahe(…)", (image) => image.clahe({ width: 204, height: 153, maxSlope: 3 })),
  one("threshold(120)", "threshold(120)", (image) => image.threshold(120)),
  one("channel(red)", "extractChannel(0)", (image) => image.extractChannel("red")),
  one("blur(2)", "blur(2)", (image) => image.blur(2)),
  one("boxBlur(3)", "convolve(7 × 7)", (image) => image.convolve(square(7))),
  one("motionBlur(15)", "convolve(15 × 3)", (image) =>
    image.convolve({ width: 15, height: 3, kernel: [...zeros(15), ...ones(15), ...zeros(15)] }),
  ),
  one("median(3)", "median(3)", (image) => image.median(3)),
  one("median(5)", "median(5)", (image) => image.median(5)),
  one("sharpen", "sharpen()", (image) => image.sharpen()),
  one("sharpen(1.5)", "sharpen(1.5)", (image) => image.sharpen({ sigma: 1.5 })),
  one("convolve([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])", "convolve(3 × 3)", (image) =>
    image.convolve({ width: 3, height: 3, kernel: [0, -1, 0, -1, 5, -1, 0, -1, 0] }),
  ),
  one("posterize(4)", "linear(3 / 255, 0.5), linear(85, 0)", async (image, { width, height }) => {
    const numbers = await image
      .linear(3 / 255, 0.5)
      .raw()
      .toBuffer();
    return sharp(numbers, { raw: { width, height, channels: 3 } }).linear(85, 0);
  }),
  one("posterize(4)", "boolean(…, and): darker levels", (image, { width, height, upperBits }) =>
    image.boolean(upperBits, "and", { raw: { width, height, channels: 3 } }),
  ),
  one("duotone", "recomb(…).linear(…)", (image) => image.recomb(duotone).linear([1, 1, 1], shadow)),
  one("unsharp(2)", "sharpen(2)", (image) => image.sharpen({ sigma: 2 })),
  one("edges(laplacian)", "greyscale().convolve(3 × 3)", (image) =>
    image.greyscale().convolve({ width: 3, height: 3, kernel: [0, 1, 0, 1, -4, 1, 0, 1, 0] }),
  ),
  one("emboss(1.5)", "convolve(3 × 3)", (image) =>
    image.convolve({ width: 3, height: 3, kernel: [-1.5, 0, 0, 0, 0, 0, 0, 0, 1.5], scale: 1, offset: 128 }),
  ),
  one("pixelate(10)", "resize(1 / 10), resize(10, nearest)", async (image, { width, height }) => {
    const blocks = image.resize(Math.ceil(width / 10), Math.ceil(height / 10), { fit: "fill" }).raw();
    const { data, info } = await blocks.toBuffer({ resolveWithObject: true });
    return sharp(data, { raw: info }).resize(width, height, { fit: "fill", kernel: "nearest" });
  }),
  one("noise(12)", "composite(noise, soft-light)", (image, { width, height }) => {
    const noise = { type: "gaussian", mean: 128, sigma: 12 } as const;
    const input = { create: { width, height, channels: 3, background: "#808080", noise } } as const;
    return image.composite([{ input, blend: "soft-light" }]);
  }),
  one("vignette(0.8)", "composite(…, multiply)", (image, { width, height, shade }) =>
    image.composite([{ input: shade, raw: { width, height, channels: 1 }, blend: "multiply" }]),
  ),
  one("watermark(mark.png, opacity=1)", "composite(…)", (image, { mark }) =>
    image.composite([{ input: mark, gravity: "southeast" }]),
  ),
  {
    ...one("flatten(#fc8)", "flatten(#fc8)", (image) => image.flatten({ background: "#fc8" })),
    transparent: true,
  },
  {
    ...one("roundCorners(40)", "composite(…, dest-in)", (image, { width, height, corners }) =>
      image.composite([{ input: corners, raw: { width, height, channels: 4 }, blend: "dest-in" }]),
    ),
    keepsAlpha: true,
  },
  {
    ...one("mask(mark.png, alpha)", "joinChannel(…)", async (image, { width, height, mark }) => {
      const stretched = sharp(mark).resize(width, height, { fit: "fill" });
      const alpha = await stretched.extractChannel("alpha").raw().toBuffer();
      return image.joinChannel(alpha, { raw: { width, height, channels: 1 } });
    }),
    keepsAlpha: true,
  },
];

export const transparentName = "transparent.png";

/** Makes what is laid over the photograph, and writes the photograph again, half transparent. */
export async function makeMaterials(folder: string, photograph: string): Promise<Materials> {
  const mark = join(folder, "mark.png");
  const background = { r: 255, g: 255, b: 255, alpha: 0.7 };
  await sharp({ create: { width: 200, height: 80, channels: 4, background } }).toFile(mark);
  const clear = sharp(photograph).ensureAlpha(0.5).png({ compressionLevel: 1 });
  const { width, height } = await clear.toFile(join(folder, transparentName));
  const shade = Buffer.alloc(width * height);
  const corners = Buffer.alloc(width * height * 4, 255);
  for (let at = 0; at < shade.length; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    shade[at] = 255 - 200 * Math.hypot(x / width - 0.5, y / height - 0.5) ** 2;
    const [across, down] = [Math.min(x, width - 1 - x), Math.min(y, height - 1 - y)];
    if (across < 40 && down < 40 && Math.hypot(40 - across, 40 - down) > 40) corners[at * 4 + 3] = 0;
  }
  return { width, height, mark, shade, corners, upperBits: Buffer.alloc(width * height * 3, 0xc0) };
}

function one(text: string, sharpForm: string, apply: SingleFilter["apply"]): SingleFilter {
  return { text, sharpForm, apply };
}

function square(side: number): { width: number; height: number; kernel: number[] } {
  return { width: side, height: side, kernel: ones(side * side) };
}

function ones(count: number): number[] {
  return Array.from({ length: count }, () => 1);
}

function zeros(count: number): number[] {
  return Array.from({ length: count }, () => 0);
}
