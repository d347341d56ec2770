import { hash } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { RawImage } from "@imgq/filters";
import { startDeadline } from "./deadline.ts";
import { resolveEncode } from "./encode-options.ts";
import { InvalidTaskError, LimitExceededError, TimeLimitError } from "./errors.ts";
import type { ImageOutput, ImageResult } from "./image-result.ts";
import { type ParsedTask, type ParsedVariant, parseTask } from "./image-task.ts";
import { readInput } from "./input-file.ts";
import type { Limits } from "./options.ts";
import { prepareOutput, writeOutput } from "./output-file.ts";
import { makePlaceholder } from "./placeholder.ts";
import { decode, type Jobs, render } from "./render.ts";
import type { Job } from "./render-variants.ts";
import { type EncodedImage, type PassTiming, round, type RunSettings } from "./run-passes.ts";
import { inspectSource } from "./source-image.ts";
import { bindSteps, type FilterIndex } from "./steps.ts";
import { untilAborted } from "./until-aborted.ts";

/** What a pipeline was created with, defaults filled in. */
export interface Engine {
  readonly filters: FilterIndex;
  readonly inputRoot: string;
  readonly outputRoot: string;
  readonly limits: Limits;
}

/** Runs one task: check → read → passes → write. Nothing is written before every output is encoded. */
export async function runTask(engine: Engine, given: unknown, signal?: AbortSignal): Promise<ImageResult> {
  const task = parseTask(given);
  const { timeMs } = engine.limits;
  const deadline = startDeadline(timeMs, signal);
  try {
    return await runParsed(engine, task, deadline.signal);
  } catch (error) {
    if (deadline.passed && signal?.aborted !== true) throw new TimeLimitError(task.input, timeMs);
    throw error;
  } finally {
    deadline.clear();
  }
}

async function runParsed(engine: Engine, task: ParsedTask, signal: AbortSignal): Promise<ImageResult> {
  const { limits } = engine;
  signal.throwIfAborted();
  const begun = performance.now();
  const reading = readInput(engine.inputRoot, task.input, limits.maxBytes);
  // The rest is prepared meanwhile. What is wrong with the task itself is said first, whatever becomes of the reading.
  reading.catch(() => {});
  const jobs = prepareJobs(engine, task);
  const bytes = await reading;
  const source = await inspectSource(task.input, bytes, limits, { animated: task.animated });
  const read = performance.now();

  const timings: PassTiming[] = [];
  const settings: RunSettings = {
    input: task.input,
    source,
    // Of an animation all frames count.
    maxPixels: Math.floor(limits.maxOutputPixels / source.frames),
    signal,
    timings,
    readImage: (path) => readImage(engine, path, signal),
  };
  const files = await untilAborted(render(source, jobs, settings), signal);
  const [own] = files;
  const placeholder =
    task.placeholder && own !== undefined ? { placeholder: await makePlaceholder(own.file.bytes) } : {};
  const rendered = performance.now();

  const outputs: ImageOutput[] = [];
  // The task's own output last: where it is found, its variants are there too.
  for (const { job, file } of files.toReversed()) {
    const writing = writeOutput(job.target, file.bytes, signal);
    // Hashed while the system writes.
    outputs.unshift(describe(job, file));
    await writing;
  }
  const written = performance.now();

  const [first] = outputs;
  if (first === undefined) throw new Error("A task has at least one output.");
  const { output: _, ...described } = first;
  return {
    ...described,
    ...placeholder,
    passes: timings.length,
    timings: {
      readMs: round(read - begun),
      passes: timings,
      writeMs: round(written - rendered),
      totalMs: round(written - begun),
    },
    outputs,
  };
}

function prepareJobs(engine: Engine, task: ParsedTask): Jobs {
  const prepare = ({ output, filters, encode }: ParsedVariant): Job => ({
    output,
    steps: bindSteps(engine.filters, filters),
    encode: resolveEncode(output, encode),
    target: prepareOutput(engine.outputRoot, output),
  });
  const steps = [task, ...task.variants].reduce((sum, { filters }) => sum + filters.length, 0);
  if (steps > engine.limits.maxSteps) {
    throw new LimitExceededError(
      `${steps} steps, more than limits.maxSteps (${engine.limits.maxSteps}). Ask for fewer, or raise it.`,
    );
  }
  const main = prepare(task);
  const variants = task.variants.map(prepare);
  const targets = new Set([main, ...variants].map(({ target }) => target));
  if (targets.size <= variants.length) {
    throw new InvalidTaskError("Two outputs of the task have the same path. Give each its own.");
  }
  return { main, variants };
}

/** For filters that take a second picture. */
async function readImage(engine: Engine, path: string, signal: AbortSignal): Promise<RawImage> {
  const { inputRoot, limits } = engine;
  const source = await inspectSource(path, await readInput(inputRoot, path, limits.maxBytes), limits);
  return decode(source, {
    input: path,
    maxPixels: limits.maxOutputPixels,
    signal,
    timings: [],
    readImage: (other) => readImage(engine, other, signal),
  });
}

function describe(job: Job, file: EncodedImage): ImageOutput {
  return {
    output: job.output,
    width: file.width,
    height: file.height,
    bytes: file.bytes.length,
    format: job.encode.format,
    ...(file.frames > 1 ? { frames: file.frames } : {}),
    sha256: hash("sha256", file.bytes),
  };
}
