import { resolveWorkerOptions, type WorkerOptions } from "./options.ts";
import { TaskWorker } from "./task-worker.ts";
import type { Worker } from "./worker.ts";

/**
 * Makes a worker; `start()` sets it to work.
 *
 * @example
 * const worker = createWorker({ queue, registry, handler: pipeline.run, concurrency: 3 });
 * await runUntilSignal(worker);
 */
export function createWorker<P, R>(options: WorkerOptions<P, R>): Worker {
  return new TaskWorker(resolveWorkerOptions(options));
}
