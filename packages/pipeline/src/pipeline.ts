import { resolve } from "node:path";
import { InvalidOptionError } from "@imgq/core";
import type { builtinFilters, Filter, Step } from "@imgq/filters";
import { type BatchOptions, type BatchReport, runBatch } from "./batch.ts";
import { explainSteps, type Plan } from "./explain.ts";
import type { ImageResult } from "./image-result.ts";
import type { ImageTask, Variant } from "./image-task.ts";
import { type PipelineOptions, pipelineDefaults, resolveLimits } from "./options.ts";
import { parsePipeline } from "./parse-pipeline.ts";
import type { PictureFacts } from "./pass.ts";
import { type Engine, runTask } from "./run-task.ts";
import { configureSharp } from "./sharp-runtime.ts";
import { bindSteps, indexFilters } from "./steps.ts";

/** The steps that a list of filters makes. */
export type StepOf<Filters extends readonly Filter[]> = ReturnType<Filters[number]>;

/** A task of a pipeline with every step typed: `TaskOf<typeof pipeline>`, for producers that want the compiler's help. */
export type TaskOf<P extends Pipeline> = ImageTask<ReturnType<P["parse"]>[number]>;

/** Runs filters over pictures. `S` is the union of the steps that its filters make. */
export interface Pipeline<S extends Step = Step> {
  /**
   * Reads, filters and writes one picture: the output is the old file or the whole new one at any moment. Fits a worker's
   * handler, so it takes any task and checks it: what comes through a queue has no type. Rejects with the signal's reason once it aborts, with typed errors otherwise; those with `permanent: true`
   * cannot be helped by trying again.
   *
   * @throws {InvalidTaskError} {InvalidPipelineError} {InvalidParametersError} {InputError} {UnsafePathError}
   *   {InvalidImageError} {LimitExceededError} {TimeLimitError}
   */
  readonly run: (task: ImageTask, context?: { readonly signal?: AbortSignal }) => Promise<ImageResult>;
  /**
   * Steps from the text form (`"grayscale | blur(2) | edges"`), from JSON text, or from parsed JSON, defaults filled in.
   * @throws {InvalidPipelineError} {InvalidParametersError}
   */
  parse(written: unknown): S[];
  /**
   * Says in which passes steps are run, what was fused and why not; of variants too, and which of them are scaled from which.
   * The picture is taken for a jpeg of 6000 × 4000, opaque, upright and 8-bit sRGB, unless told otherwise.
   * @throws {InvalidPipelineError} {InvalidParametersError}
   */
  explain(
    steps: readonly Step[],
    picture?: Partial<PictureFacts>,
    variants?: readonly Pick<Variant, "filters">[],
  ): Plan;
  /** Runs many tasks, several at once; a failed one is an entry of the report. */
  batch(tasks: Iterable<ImageTask> | AsyncIterable<ImageTask>, options?: BatchOptions): Promise<BatchReport>;
}

/** Creates a pipeline. It holds no resources and needs no closing. @throws {InvalidOptionError} */
export function createPipeline<const Filters extends readonly Filter[] = typeof builtinFilters>(
  options: PipelineOptions<Filters>,
): Pipeline<StepOf<Filters>> {
  const { threads = pipelineDefaults.threads } = options;
  if (!Number.isSafeInteger(threads) || threads < 1) {
    throw new InvalidOptionError(
      "threads",
      "be a whole number of at least 1",
      threads,
      "Leave it out for the default.",
    );
  }
  const engine: Engine = {
    filters: indexFilters(options.filters ?? pipelineDefaults.filters),
    inputRoot: resolve(options.inputRoot),
    outputRoot: resolve(options.outputRoot),
    limits: resolveLimits(options.limits),
  };
  configureSharp(threads);
  const run: Pipeline<StepOf<Filters>>["run"] = (task, context) => runTask(engine, task, context?.signal);
  return {
    run,
    parse: (written) => parsePipeline(engine.filters, written) as StepOf<Filters>[],
    explain: (steps, picture, variants = []) =>
      explainSteps(
        bindSteps(engine.filters, steps),
        picture,
        variants.map(({ filters = [] }) => bindSteps(engine.filters, filters)),
      ),
    batch: (tasks, batchOptions) => runBatch(run, tasks, batchOptions),
  };
}
