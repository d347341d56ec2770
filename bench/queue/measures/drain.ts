import type { PeerQueue } from "../peer.ts";
import { payload } from "../peer.ts";

/** One process' part in emptying a queue. Instants are milliseconds since 1970, comparable between processes. */
export interface DrainPart {
  readonly settled: number;
  readonly firstStartedAt: number;
  readonly lastSettledAt: number;
}

export async function fill(queue: PeerQueue, tasks: number): Promise<void> {
  const bulk = 500;
  for (let from = 0; from < tasks; from += bulk) {
    const size = Math.min(bulk, tasks - from);
    await queue.addMany(Array.from({ length: size }, (_, index) => payload(from + index)));
  }
}

/**
 * Executes no-op tasks until `tasks` are settled here or `signal` aborts. Measured from the first start to the last
 * settlement, so that opening connections does not count.
 */
export async function drain(
  queue: PeerQueue,
  tasks: number,
  concurrency: number,
  signal?: AbortSignal,
  progress?: { readonly intervalMs: number; readonly onProgress: (settled: number) => void },
): Promise<DrainPart> {
  let settled = 0;
  let firstStartedAt = 0;
  let lastSettledAt = 0;
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  signal?.addEventListener("abort", () => finish(), { once: true });
  const worker = await queue.work({
    concurrency,
    handler: () => {
      if (firstStartedAt === 0) firstStartedAt = instant();
      return nothing;
    },
    onSettled: () => {
      settled += 1;
      lastSettledAt = instant();
      if (settled === tasks) finish();
    },
  });
  const reporter = setInterval(() => progress?.onProgress(settled), progress?.intervalMs ?? 1000);
  await finished;
  clearInterval(reporter);
  const part = { settled, firstStartedAt, lastSettledAt };
  await worker.stop();
  return part;
}

export function drainedPerSecond(parts: readonly DrainPart[]): number {
  const busy = parts.filter((part) => part.settled > 0);
  const settled = busy.reduce((sum, part) => sum + part.settled, 0);
  const from = Math.min(...busy.map((part) => part.firstStartedAt));
  const to = Math.max(...busy.map((part) => part.lastSettledAt));
  return settled / ((to - from) / 1000);
}

const nothing: Promise<void> = Promise.resolve();

function instant(): number {
  return performance.timeOrigin + performance.now();
}
