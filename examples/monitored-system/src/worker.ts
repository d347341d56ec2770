import { createLogger } from "@imgq/core";
import { createPipeline, type ImageResult, type ImageTask } from "@imgq/pipeline";
import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { createWorker, runUntilSignal } from "@imgq/worker";
import { imagesFolder, outputFolder } from "./work.ts";

// One worker process. It runs until SIGTERM, finishes what it has in hand, and leaves. Its supervisor names it.
const [redis = "redis://localhost:6379"] = process.argv.slice(2);
const log = createLogger({ level: "warn", format: "pretty" });

const pipeline = createPipeline({ inputRoot: imagesFolder, outputRoot: outputFolder });
const queue = createQueue<ImageTask, ImageResult>({ name: "images", redis, log });
const registry = createRegistry({ redis });

await runUntilSignal(createWorker({ queue, registry, handler: pipeline.run, concurrency: 2, log }));
