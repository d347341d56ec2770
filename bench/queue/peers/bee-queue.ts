import BeeQueue from "bee-queue";
import type { Payload, Peer } from "../peer.ts";

export const beeQueue: Peer = {
  name: "bee-queue",
  packageName: "bee-queue",
  configuration:
    "`getEvents`, `sendEvents` and `storeJobs` off (its documented fast settings); completed jobs are removed in the speed measures, which it does faster than keeping them: it has no bounded retention.",
  open: async ({ url, queue: name, keepCompleted }) => {
    const settings = {
      redis: { host: new URL(url).hostname, port: Number(new URL(url).port) },
      getEvents: false,
      sendEvents: false,
      storeJobs: false,
      removeOnSuccess: Number.isFinite(keepCompleted),
    };
    const queue = new BeeQueue<Payload>(name, { ...settings, isWorker: false });
    await queue.ready();
    return {
      add: (payload) => queue.createJob(payload).save(),
      addMany: (payloads) => queue.saveAll(payloads.map((payload) => queue.createJob(payload))),
      work: async ({ concurrency, handler, onSettled }) => {
        const worker = new BeeQueue<Payload>(name, settings);
        worker.on("succeeded", onSettled);
        worker.on("error", (error) => console.error(`bee-queue: ${error.message}`));
        await worker.ready();
        worker.process(concurrency, (job: BeeQueue.Job<Payload>) => handler(job.data));
        return { stop: () => worker.close() };
      },
      close: () => queue.close(),
    };
  },
};
