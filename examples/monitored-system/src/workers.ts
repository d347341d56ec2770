import { createPipeline, type ImageResult, type ImageTask } from "@imgq/pipeline";
import type { Queue } from "@imgq/queue";
import type { Registry } from "@imgq/registry";
import { createWorker, superviseWorkers } from "@imgq/worker";
import { imagesFolder, outputFolder } from "./work.ts";

/** Three workers, however they run. */
export interface Workers {
  /** Resolves when all have ended, each having finished what it had in hand. */
  stop(): Promise<void>;
}

type ImageQueue = Queue<ImageTask, ImageResult>;

/** Each in a process of its own. One that dies is reported at once and replaced; its tasks go to the others. */
export async function startProcesses(
  redis: string,
  queue: ImageQueue,
  registry: Registry,
  say: (line: string) => void,
): Promise<Workers> {
  const supervisor = superviseWorkers({
    modulePath: new URL("./worker.ts", import.meta.url),
    args: [redis],
    processes: 3,
    name: "worker",
    queue,
    registry,
  });
  supervisor.on("child:exited", ({ workerId, cause, expected, recovered }) => {
    if (!expected)
      say(
        `${workerId} died (${cause}); ${recovered} of its tasks went back to the queue, another takes its place`,
      );
  });
  await supervisor.start();
  return {
    async stop() {
      await supervisor.stop();
    },
  };
}

/** All in this process: the way without a Redis. */
export async function startInProcess(queue: ImageQueue, registry: Registry): Promise<Workers> {
  const pipeline = createPipeline({ inputRoot: imagesFolder, outputRoot: outputFolder });
  const workers = [1, 2, 3].map((number) =>
    createWorker({ id: `worker-${number}`, queue, registry, handler: pipeline.run, concurrency: 1 }),
  );
  await Promise.all(workers.map((worker) => worker.start()));
  return {
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}
