// A worker process of the fault scenarios: the real worker, queue, registry and pipeline, and a history.
import { createLogger } from "@imgq/core";
import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { createWorker, runUntilSignal } from "@imgq/worker";
import { openHistory } from "../history/history.ts";
import { createRecorder } from "../history/recorder.ts";
import type { ChaosTask } from "../scenario/chaos-task.ts";
import { chaosHandler } from "../scenario/run-chaos-task.ts";
import { sourceOf } from "../scenario/redis-place.ts";
import { readConfig, type WorkerConfig } from "../scenario/program-config.ts";

const config = readConfig<WorkerConfig>();
const history = openHistory(config.history);
const recorder = createRecorder(history);
const log = createLogger({ level: config.logs ? "info" : "silent", write: (line) => console.log(line) });
process.on("uncaughtExceptionMonitor", (error) =>
  history.record({ kind: "unhandled", error: String(error) }),
);

const redis = sourceOf(config.redis);
const queue = recorder.queue(createQueue<ChaosTask>({ ...config.queue, redis, log }));
const registry = createRegistry({ redis, log });
const worker = createWorker({
  queue,
  registry,
  handler: recorder.handler(chaosHandler(config)),
  log,
  ...config.worker,
});
await runUntilSignal(worker);
