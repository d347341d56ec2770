import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import { type ErrorSummary, InvalidOptionError, summarizeError } from "@imgq/core";
import type { ImageResult } from "./image-result.ts";
import type { ImageTask } from "./image-task.ts";

/** What became of one task of a batch. */
export type BatchItem<T = ImageTask> =
  | { readonly task: T; readonly status: "succeeded"; readonly result: ImageResult }
  | { readonly task: T; readonly status: "failed"; readonly error: ErrorSummary };

export interface BatchProgress<T = ImageTask> {
  readonly done: number;
  readonly failed: number;
  /** Known when the tasks were given as an array. */
  readonly total: number | undefined;
  readonly elapsedMs: number;
  /** The task that just ended. */
  readonly last: BatchItem<T>;
}

export interface BatchOptions<T = ImageTask> {
  /** Pictures at once. @default the number of cores + 1 */
  readonly concurrency?: number;
  /** Called after each task. */
  readonly onProgress?: (progress: BatchProgress<T>) => void;
  /** Stops starting tasks; those in hand are aborted. */
  readonly signal?: AbortSignal;
}

export interface BatchReport<T = ImageTask> {
  readonly succeeded: number;
  readonly failed: number;
  /** Given as an array but not done, because the batch was aborted. */
  readonly skipped: number;
  readonly elapsedMs: number;
  readonly imagesPerSecond: number;
  /** One entry per ended task, in the order of the tasks. */
  readonly items: readonly BatchItem<T>[];
}

type Run<T> = (task: T, context: { signal?: AbortSignal }) => Promise<ImageResult>;

/** Runs tasks, several at once. A failed task is an entry of the report, not an error. */
export async function runBatch<T>(
  run: Run<T>,
  tasks: Iterable<T> | AsyncIterable<T>,
  options: BatchOptions<T> = {},
): Promise<BatchReport<T>> {
  const { concurrency = availableParallelism() + 1, onProgress, signal } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new InvalidOptionError(
      "concurrency",
      "be a whole number of at least 1",
      concurrency,
      "Leave it out for the default.",
    );
  }
  const begun = performance.now();
  const items: BatchItem<T>[] = [];
  const counts = { done: 0, failed: 0 };
  const total = Array.isArray(tasks) ? tasks.length : undefined;
  const queue = Symbol.asyncIterator in tasks ? tasks[Symbol.asyncIterator]() : tasks[Symbol.iterator]();
  let taken = 0;

  // Async generators queue concurrent calls of next(), so slots may share one.
  const slot = async (): Promise<void> => {
    while (signal?.aborted !== true) {
      const next = await queue.next();
      if (next.done === true) return;
      const place = taken++;
      const item = await runOne(run, next.value, signal);
      if (item === undefined) return;
      items[place] = item;
      counts.done++;
      if (item.status === "failed") counts.failed++;
      onProgress?.({ ...counts, total, elapsedMs: performance.now() - begun, last: item });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, slot));
  // Left before its end by an abort, a generator still owns what it opened.
  if (signal?.aborted === true) await queue.return?.();

  const elapsedMs = performance.now() - begun;
  const succeeded = counts.done - counts.failed;
  return {
    succeeded,
    failed: counts.failed,
    skipped: Math.max(0, (total ?? taken) - counts.done),
    elapsedMs,
    imagesPerSecond: elapsedMs === 0 ? 0 : (succeeded * 1000) / elapsedMs,
    items: items.filter((item) => item !== undefined),
  };
}

/** `undefined` when the batch was aborted: that is not the picture's failure. */
async function runOne<T>(
  run: Run<T>,
  task: T,
  signal: AbortSignal | undefined,
): Promise<BatchItem<T> | undefined> {
  try {
    const result = await run(task, signal === undefined ? {} : { signal });
    return { task, status: "succeeded", result };
  } catch (error) {
    return signal?.aborted === true ? undefined : { task, status: "failed", error: summarizeError(error) };
  }
}
