import { relative, resolve, sep } from "node:path";
import type { EncodeOptions, ImageTask } from "@imgq/pipeline";
import type { Step } from "@imgq/filters";
import { UsageError } from "../errors.ts";
import { loadFilters } from "../filter-modules.ts";
import type { FoundPicture } from "../process/find-pictures.ts";
import { nameOutputs } from "../process/name-outputs.ts";

export interface PayloadOptions {
  /** The folder that workers read from. */
  readonly root: string;
  /** Folder below the one that workers write to. */
  readonly out: string;
  readonly extension: string | undefined;
  readonly template: string;
  readonly encode: EncodeOptions | undefined;
}

/** Image tasks for workers whose input folder is `root`; paths are relative, so that the workers may run elsewhere. */
export function imagePayloads(
  pictures: readonly FoundPicture[],
  steps: readonly Step[],
  options: PayloadOptions,
): ImageTask[] {
  const root = resolve(options.root);
  const outside = pictures.find(({ path }) => !path.startsWith(root.endsWith(sep) ? root : root + sep));
  if (outside !== undefined) {
    throw new UsageError(
      `"${relative(".", outside.path)}" does not lie in "${options.root}". Say with --root which folder the workers read from (their --input).`,
    );
  }
  // Where the workers' output folder is does not matter here: only what lies below it is told.
  const outputRoot = resolve("/output");
  const named = nameOutputs(pictures, {
    outputFolder: resolve(outputRoot, options.out),
    base: root,
    format: options.extension,
    template: options.template,
  });
  if (named.some(({ output }) => !output.startsWith(outputRoot + sep))) {
    throw new UsageError(
      `"${options.out}" does not lie below the folder that the workers write to (their --output). Name with --out a folder in it, such as thumbnails.`,
    );
  }
  return named.map(({ input, output }) => ({
    input: relative(root, input).split(sep).join("/"),
    output: relative(outputRoot, output).split(sep).join("/"),
    filters: steps,
    ...(options.encode === undefined ? {} : { encode: options.encode }),
  }));
}

/** Checks steps as the workers will. `load` are modules with filters that the workers have as well. */
export async function parseSteps(written: string, load: readonly string[]): Promise<readonly Step[]> {
  const [{ builtinFilters }, { createPipeline }, own] = await Promise.all([
    import("@imgq/filters"),
    import("@imgq/pipeline"),
    loadFilters(load),
  ]);
  const pipeline = createPipeline({ filters: [...builtinFilters, ...own], inputRoot: ".", outputRoot: "." });
  return pipeline.parse(written);
}
