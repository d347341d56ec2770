import { basename, dirname } from "node:path";
import { performance } from "node:perf_hooks";
import { createPipeline } from "@imgq/pipeline";
import type { Contestant } from "../contestant.ts";
import { textOf } from "../works.ts";

export function imgq(folder: string, threads: number): Contestant {
  const pipeline = createPipeline({ inputRoot: folder, outputRoot: folder, threads });
  // Once, as a producer of many tasks does; every run checks and plans them anew.
  const steps = new Map(Object.entries(textOf).map(([work, text]) => [work, pipeline.parse(text)]));
  return {
    name: "imgq",
    version: "this repository",
    form: "`pipeline.run` of the steps, defaults throughout; checks, limits and the atomic write included.",
    // It does not decode without encoding.
    takes: (work) => work !== "codec",
    async run(work, input, output) {
      if (work === "codec") throw new Error("Not taken.");
      const begun = performance.now();
      if (dirname(input) !== folder) throw new Error(`${input} is not in ${folder}.`);
      await pipeline.run({
        input: basename(input),
        output: basename(output),
        filters: steps.get(work) ?? [],
      });
      return performance.now() - begun;
    },
  };
}
