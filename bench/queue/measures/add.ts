import type { PeerQueue } from "../peer.ts";
import { payload } from "../peer.ts";

/** Tasks per second when each add waits for the one before. */
export async function addSequentially(queue: PeerQueue, tasks: number): Promise<number> {
  await openConnection(queue);
  const startedAt = performance.now();
  for (let number = 0; number < tasks; number += 1) await queue.add(payload(number));
  return perSecond(tasks, startedAt);
}

/** Tasks per second with `inFlight` adds under way at any moment. */
export async function addConcurrently(queue: PeerQueue, tasks: number, inFlight: number): Promise<number> {
  let next = 0;
  const producer = async (): Promise<void> => {
    while (next < tasks) {
      next += 1;
      await queue.add(payload(next));
    }
  };
  await openConnection(queue);
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: inFlight }, producer));
  return perSecond(tasks, startedAt);
}

/** Tasks per second through the bulk call, one call after the other. */
export async function addInBulk(queue: PeerQueue, tasks: number, bulk: number): Promise<number> {
  await openConnection(queue);
  const startedAt = performance.now();
  for (let from = 0; from < tasks; from += bulk) {
    await queue.addMany(Array.from({ length: bulk }, (_, index) => payload(from + index)));
  }
  return perSecond(tasks, startedAt);
}

/** Some open it before they are asked to add, others when they are. */
async function openConnection(queue: PeerQueue): Promise<void> {
  await queue.add(payload(0));
}

function perSecond(tasks: number, startedAt: number): number {
  return tasks / ((performance.now() - startedAt) / 1000);
}
