import { createLogger, type LogLevel } from "@imgq/core";
import { builtinFilters } from "@imgq/filters";
import { createPipeline, type ImageResult, type ImageTask } from "@imgq/pipeline";
import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { createWorker, type Worker } from "@imgq/worker";
import sharp from "sharp";
import { loadFilters } from "../filter-modules.ts";
import { createWeigh } from "./weigh-picture.ts";
import type { WorkerSettings } from "./worker-settings.ts";

/** A worker that runs image tasks: the pipeline is its handler. Not started yet. */
export async function imageWorker(settings: WorkerSettings): Promise<Worker> {
  const { redis, queue: name, prefix } = settings;
  let level: LogLevel = settings.logLevel;
  const log = createLogger({ format: settings.logFormat, level: () => level });
  const pipeline = createPipeline({
    filters: [...builtinFilters, ...(await loadFilters(settings.filterModules))],
    inputRoot: settings.inputRoot,
    outputRoot: settings.outputRoot,
  });
  const done = { imageBytes: 0, imagePixels: 0 };
  const worker = createWorker<ImageTask, ImageResult>({
    queue: createQueue<ImageTask, ImageResult>({ name, redis, prefix }),
    registry: createRegistry({ redis, prefix }),
    handler: async (task, { signal }) => {
      const result = await pipeline.run(task, { signal });
      for (const { bytes, width, height } of result.outputs) {
        done.imageBytes += bytes;
        done.imagePixels += width * height;
      }
      return result;
    },
    concurrency: settings.concurrency,
    shutdownTimeoutMs: settings.shutdownTimeoutMs,
    ...(settings.memoryLimitBytes === undefined
      ? {}
      : { memoryLimitBytes: settings.memoryLimitBytes, weigh: createWeigh(settings.inputRoot) }),
    versions: { sharp: sharp.versions.sharp ?? "unknown", libvips: sharp.versions.vips },
    counters: () => done,
    log,
  });
  worker.on("log-level", (event) => {
    level = event.level;
  });
  return worker;
}
