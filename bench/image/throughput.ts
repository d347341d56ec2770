import { basename } from "node:path";
import { performance } from "node:perf_hooks";
import { readFile, writeFile } from "node:fs/promises";
import { createPipeline } from "@imgq/pipeline";
import sharp from "sharp";

/** Pictures a second of many at once, by imgq and by a bare loop over sharp that does the same work. */
export interface Throughput {
  readonly imgqPerSecond: number;
  readonly barePerSecond: number;
}

const sigma = 2;

/** One chain of sharp on both sides, so that only what imgq does around it differs. */
export async function measureThroughput(
  folder: string,
  inputs: readonly string[],
  inFlight: number,
  imgqFirst: boolean,
): Promise<Throughput> {
  const pipeline = createPipeline({ inputRoot: folder, outputRoot: folder, threads: 1 });
  const filters = pipeline.parse(`blur(${sigma})`);
  const tasks = inputs.map((input, index) => ({
    input: basename(input),
    output: `out-${index % 8}.jpg`,
    filters,
  }));

  const bare = async (input: string, index: number): Promise<void> => {
    const chain = sharp(await readFile(input), { failOn: "warning" })
      .autoOrient()
      .blur({ sigma });
    const bytes = await chain.jpeg({ quality: 80, optimiseCoding: false }).toBuffer();
    await writeFile(`${folder}/bare-${index % 8}.jpg`, bytes);
  };
  const byImgq = async (): Promise<number> => {
    const report = await pipeline.batch(tasks, { concurrency: inFlight });
    if (report.failed > 0) throw new Error(`${report.failed} pictures failed.`);
    return report.imagesPerSecond;
  };
  if (imgqFirst) {
    const imgqPerSecond = await byImgq();
    return { imgqPerSecond, barePerSecond: await perSecond(inputs, inFlight, bare) };
  }
  const barePerSecond = await perSecond(inputs, inFlight, bare);
  return { imgqPerSecond: await byImgq(), barePerSecond };
}

async function perSecond(
  inputs: readonly string[],
  inFlight: number,
  run: (input: string, index: number) => Promise<void>,
): Promise<number> {
  const begun = performance.now();
  let next = 0;
  const slot = async (): Promise<void> => {
    while (next < inputs.length) {
      const index = next++;
      await run(inputs[index] ?? "", index);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, slot));
  return (inputs.length * 1000) / (performance.now() - begun);
}
