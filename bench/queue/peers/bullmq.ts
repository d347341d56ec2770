import { Queue, Worker } from "bullmq";
import type { Payload, Peer } from "../peer.ts";

export const bullmq: Peer = {
  name: "bullmq",
  packageName: "bullmq",
  configuration:
    "ioredis 6, `removeOnComplete: { count: 1000 }`, no metrics, no events. Auto-pipelining off: it measured slower.",
  open: async ({ url, queue: name, keepCompleted }) => {
    const connection = { ...addressOf(url), maxRetriesPerRequest: null };
    const options = { removeOnComplete: Number.isFinite(keepCompleted) ? { count: keepCompleted } : false };
    const queue = new Queue<Payload>(name, { connection, defaultJobOptions: options });
    await queue.waitUntilReady();
    return {
      add: (payload) => queue.add("image", payload),
      addMany: (payloads) => queue.addBulk(payloads.map((data) => ({ name: "image", data }))),
      work: async ({ concurrency, handler, onSettled }) => {
        const worker = new Worker<Payload>(name, (job) => handler(job.data), { connection, concurrency });
        worker.on("completed", onSettled);
        worker.on("error", reportError);
        await worker.waitUntilReady();
        return { stop: () => worker.close() };
      },
      close: () => queue.close(),
    };
  },
};

function reportError(error: Error): void {
  console.error(`bullmq: ${error.message}`);
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
