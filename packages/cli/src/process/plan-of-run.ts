import { sep } from "node:path";
import type { Step } from "@imgq/filters";
import type { EncodeOptions, ImageTask, Pipeline } from "@imgq/pipeline";
import { loadFilters } from "../filter-modules.ts";
import { commonFolder, type NamedOutput } from "./name-outputs.ts";

export interface PlanInput {
  /** Steps as the person wrote them. */
  readonly written: string;
  /** Modules with further filters. */
  readonly load: readonly string[];
  readonly encode: EncodeOptions | undefined;
  readonly named: readonly NamedOutput[];
  readonly outputFolder: string;
}

/** What a run will do to each picture, and the pipeline that can do it. */
export interface RunPlan {
  readonly steps: readonly Step[];
  readonly pipeline: Pipeline;
  taskOf(pair: NamedOutput): ImageTask;
}

/** Reads the steps, checks them, and makes the pipeline. Rejects with the errors of `pipeline.parse` and `loadFilters`. */
export async function planOf({ written, load, encode, named, outputFolder }: PlanInput): Promise<RunPlan> {
  const [{ builtinFilters }, { createPipeline }, own] = await Promise.all([
    import("@imgq/filters"),
    import("@imgq/pipeline"),
    loadFilters(load),
  ]);
  const pipeline = createPipeline({
    filters: [...builtinFilters, ...own],
    inputRoot: inputRootOf(named.map(({ source }) => source)),
    outputRoot: outputFolder,
  });
  const steps = pipeline.parse(written);
  return {
    steps,
    pipeline,
    taskOf: ({ source, output }) => ({
      input: source,
      output,
      filters: steps,
      ...(encode === undefined ? {} : { encode }),
    }),
  };
}

/**
 * The folder that the paths in steps are relative to, such as that of a watermark: where the command is called, as in any
 * command, unless pictures lie elsewhere.
 */
function inputRootOf(sources: readonly string[]): string {
  const here = process.cwd();
  return sources.every((source) => source.startsWith(here + sep)) ? here : commonFolder(sources);
}
