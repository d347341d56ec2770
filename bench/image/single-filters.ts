import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { performance } from "node:perf_hooks";
import { createPipeline } from "@imgq/pipeline";
import sharp, { type Sharp } from "sharp";
import { type Summary, summarize } from "../report/statistics.ts";

/** Milliseconds of one filter, by imgq and by the operation that sharp has for it. */
export interface FilterFigure {
  readonly text: string;
  readonly sharpForm: string;
  readonly imgq: Summary;
  readonly sharp: Summary;
}

interface SingleFilter {
  /** As imgq reads it. */
  readonly text: string;
  /** The fastest of sharp's own operations that does this, as one would write it. */
  readonly sharpForm: string;
  readonly apply: (image: Sharp) => Sharp;
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

/** Every filter of the catalogue that sharp can do by itself. */
const singles: readonly SingleFilter[] = [
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
  one("gamma(1.8)", "gamma(1, 1.8)", (image) => image.gamma(1, 1.8)),
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
  one("watermark(mark.png, opacity=1)", "composite(…)", (image) =>
    image.composite([{ input: markPath, gravity: "southeast" }]),
  ),
];

let markPath = "";

/** Each filter alone on one picture, jpeg to jpeg, one thread; imgq and sharp by turns, the first round warms up. */
export async function measureFilters(
  folder: string,
  input: string,
  repetitions: number,
): Promise<FilterFigure[]> {
  markPath = join(folder, "mark.png");
  const mark = sharp({
    create: { width: 200, height: 80, channels: 4, background: { r: 255, g: 255, b: 255, alpha: 0.7 } },
  });
  await mark.png().toFile(markPath);
  sharp.concurrency(1);
  const pipeline = createPipeline({ inputRoot: folder, outputRoot: folder, threads: 1 });
  const byImgq = async ({ text }: SingleFilter): Promise<void> => {
    await pipeline.run({
      input: basename(input),
      output: "filter-imgq.jpg",
      filters: pipeline.parse(text),
    });
  };
  const bySharp = async ({ apply }: SingleFilter): Promise<void> => {
    const image = apply(sharp(await readFile(input), { failOn: "warning" }).autoOrient());
    const bytes = await image.jpeg({ quality: 80, optimiseCoding: false }).toBuffer();
    await writeFile(join(folder, "filter-sharp.jpg"), bytes);
  };
  const figures: FilterFigure[] = [];
  for (const single of singles) {
    const samples: { readonly imgq: number[]; readonly sharp: number[] } = { imgq: [], sharp: [] };
    for (let round = -1; round < repetitions; round++) {
      const first = round % 2 === 0;
      const one = await timed(() => (first ? byImgq(single) : bySharp(single)));
      const other = await timed(() => (first ? bySharp(single) : byImgq(single)));
      if (round < 0) continue;
      samples.imgq.push(first ? one : other);
      samples.sharp.push(first ? other : one);
    }
    const { text, sharpForm } = single;
    figures.push({ text, sharpForm, imgq: summarize(samples.imgq), sharp: summarize(samples.sharp) });
  }
  return figures;
}

async function timed(run: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

function one(text: string, sharpForm: string, apply: (image: Sharp) => Sharp): SingleFilter {
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
