import { Queue, Worker } from "groupmq";
import { Redis } from "ioredis";
import type { Payload, Peer } from "../peer.ts";

/** As many as tasks run at once at most; measured fastest among 10, 100, 200, 1,000 and one per task. */
const groups = 100;

export const groupmq: Peer = {
  name: "groupmq",
  packageName: "groupmq",
  configuration:
    "ioredis 6, tasks spread over 100 groups (one runs at a time in each; more or fewer groups measured slower), `keepCompleted: 1000`, `autoBatch` off because an add not yet sent could be lost.",
  open: ({ url, queue: namespace, keepCompleted }) => {
    const redis = new Redis(url, { maxRetriesPerRequest: null });
    const queue = new Queue<Payload>({
      redis,
      namespace,
      keepCompleted: Number.isFinite(keepCompleted) ? keepCompleted : 1_000_000_000,
    });
    const add = (payload: Payload): Promise<unknown> =>
      queue.add({ groupId: String(payload.number % groups), data: payload });
    return Promise.resolve({
      add,
      addMany: (payloads) => Promise.all(payloads.map(add)),
      work: async ({ concurrency, handler, onSettled }) => {
        const worker = new Worker<Payload>({ queue, concurrency, handler: (job) => handler(job.data) });
        worker.on("completed", onSettled);
        worker.on("error", (error) => console.error(`groupmq: ${error.message}`));
        // It runs until it is stopped, and ends with an error when its connection does.
        worker.run().catch(() => {});
        await Promise.resolve();
        return { stop: () => worker.close(1000) };
      },
      close: async () => {
        await queue.close();
        redis.disconnect();
      },
    });
  },
};
