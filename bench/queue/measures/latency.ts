import { setTimeout as pause } from "node:timers/promises";
import { quantile } from "../../report/statistics.ts";
import type { PeerQueue } from "../peer.ts";
import { payload } from "../peer.ts";

/** Milliseconds from the call of `add` to the start of the handler, on a queue whose worker has nothing else to do. */
export async function startLatency(queue: PeerQueue, tasks: number): Promise<number> {
  let started: () => void = () => {};
  let settled: () => void = () => {};
  const worker = await queue.work({
    concurrency: 1,
    handler: () => {
      started();
      return Promise.resolve();
    },
    onSettled: () => settled(),
  });
  const samples: number[] = [];
  for (let number = 0; number < tasks; number += 1) {
    // Long enough that the worker has gone back to waiting.
    await pause(8 + (number % 5));
    const settling = new Promise<void>((resolve) => {
      settled = resolve;
    });
    const addedAt = performance.now();
    const starting = new Promise<void>((resolve) => {
      started = () => {
        samples.push(performance.now() - addedAt);
        resolve();
      };
    });
    await queue.add(payload(number));
    await starting;
    await settling;
  }
  await worker.stop();
  // The first ones open connections.
  return quantile(samples.slice(3), 0.5);
}
