import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { createQueue, type Queue } from "@imgq/queue";
import type { Payload, Peer, WorkOptions } from "../peer.ts";
import { retentionOf } from "./imgq-retention.ts";

/** The queue alone: what a program gets that claims and completes by itself. */
export const imgqLoop: Peer = {
  name: "imgq loop",
  packageName: "@imgq/queue",
  configuration: "`claim` and `complete` in a loop per slot, without `@imgq/worker`.",
  open: ({ url, queue: name, keepCompleted }) => {
    const queue = createQueue<Payload>({ name, redis: url, ...retentionOf(keepCompleted) });
    return Promise.resolve({
      add: (payload) => queue.add(payload),
      addMany: (payloads) => queue.addMany(payloads.map((payload) => ({ payload }))),
      work: (options) => {
        const stopping = new AbortController();
        // Every slot listens, which is no leak.
        setMaxListeners(0, stopping.signal);
        const worker = `bench-${randomUUID().slice(0, 8)}`;
        const slots = Array.from({ length: options.concurrency }, () =>
          runSlot(queue, worker, options, stopping.signal),
        );
        return Promise.resolve({
          stop: async () => {
            stopping.abort();
            await Promise.all(slots);
            await queue.workerLeft(worker);
          },
        });
      },
      close: () => queue.close(),
    });
  },
};

async function runSlot(
  queue: Queue<Payload>,
  worker: string,
  { handler, onSettled }: WorkOptions,
  signal: AbortSignal,
): Promise<void> {
  const claim = () => queue.claim({ worker, waitMs: 5000, signal });
  let claiming = claim();
  while (!signal.aborted) {
    const [task] = await claiming;
    if (task === undefined) {
      claiming = claim();
      continue;
    }
    const result = await handler(task.payload);
    // Both calls in one tick: the queue makes one round trip of them.
    const settling = queue.complete(task, result);
    claiming = claim();
    if ((await settling) === "ok") onSettled();
  }
  for (const task of await claiming) await queue.release(task);
}
