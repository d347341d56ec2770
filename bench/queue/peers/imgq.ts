import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { createWorker } from "@imgq/worker";
import type { Payload, Peer } from "../peer.ts";
import { retentionOf } from "./imgq-retention.ts";

export const imgq: Peer = {
  name: "imgq",
  packageName: "@imgq/worker",
  configuration:
    "as published and by default: `createWorker` with its heartbeat thread, leases, fencing tokens, per-minute series and the 1,000 latest completed tasks kept.",
  open: ({ url, queue: name, keepCompleted }) => {
    const queue = createQueue<Payload>({ name, redis: url, ...retentionOf(keepCompleted) });
    return Promise.resolve({
      add: (payload) => queue.add(payload),
      addMany: (payloads) => queue.addMany(payloads.map((payload) => ({ payload }))),
      work: async ({ concurrency, handler, onSettled }) => {
        const registry = createRegistry({ redis: url });
        const worker = createWorker({ queue, registry, handler, concurrency });
        worker.on("task:settled", onSettled);
        await worker.start();
        return {
          stop: async () => {
            await worker.stop({ timeoutMs: 1000 });
            await registry.close();
          },
        };
      },
      close: () => queue.close(),
    });
  },
};
