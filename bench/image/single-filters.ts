import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { performance } from "node:perf_hooks";
import { createPipeline } from "@imgq/pipeline";
import sharp from "sharp";
import { makeMaterials, type SingleFilter, singles, transparentName } from "./singles.ts";
import { type Summary, summarize } from "../report/statistics.ts";

/** Milliseconds of one filter, by imgq and by the operation that sharp has for it. */
export interface FilterFigure {
  readonly text: string;
  readonly sharpForm: string;
  readonly imgq: Summary;
  readonly sharp: Summary;
}

const WARM_UP_RUNS = 15;
const WARM_UP_MS = 1000;
/** Quick filters are measured for as long, however many repetitions that makes: a median of a few of them wavers by a twentieth. */
const LEAST_MS = 2000;

const png = { format: "png", compressionLevel: 1 } as const;

/** Each filter alone on one picture, jpeg to jpeg where it may be, one thread; imgq and sharp by turns. */
export async function measureFilters(
  folder: string,
  input: string,
  repetitions: number,
): Promise<FilterFigure[]> {
  const materials = await makeMaterials(folder, input);
  sharp.concurrency(1);
  const pipeline = createPipeline({ inputRoot: folder, outputRoot: folder, threads: 1 });
  const inputOf = ({ transparent }: SingleFilter): string =>
    transparent ? transparentName : basename(input);
  const steps = new Map(singles.map(({ text }) => [text, pipeline.parse(text)]));
  const byImgq = async (single: SingleFilter): Promise<void> => {
    const encode = single.keepsAlpha ? png : ({ format: "jpeg" } as const);
    const filters = steps.get(single.text) ?? [];
    await pipeline.run({ input: inputOf(single), output: "filter-imgq", filters, encode });
  };
  const bySharp = async (single: SingleFilter): Promise<void> => {
    const bytes = await readFile(join(folder, inputOf(single)));
    const image = await single.apply(sharp(bytes, { failOn: "warning" }).autoOrient(), materials);
    const encoded = single.keepsAlpha ? image.png(png) : image.jpeg({ quality: 80, optimiseCoding: false });
    await writeFile(join(folder, "filter-sharp"), await encoded.toBuffer());
  };
  const figures: FilterFigure[] = [];
  for (const single of singles) {
    const samples: { readonly imgq: number[]; readonly sharp: number[] } = { imgq: [], sharp: [] };
    const begun = performance.now();
    // What is compiled while it runs needs some runs, as in the other measures; quick filters do them all.
    for (let run = 0; run < WARM_UP_RUNS && performance.now() - begun < WARM_UP_MS; run++) {
      await byImgq(single);
      await bySharp(single);
    }
    const counted = performance.now();
    for (let round = 0; round < repetitions || performance.now() - counted < LEAST_MS; round++) {
      const first = round % 2 === 0;
      const one = await timed(() => (first ? byImgq(single) : bySharp(single)));
      const other = await timed(() => (first ? bySharp(single) : byImgq(single)));
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
