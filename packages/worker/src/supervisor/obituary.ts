import { ImgqError, sleep } from "@imgq/core";
import type { SupervisorOptions } from "./supervisor.ts";

const TRIES = 5;

/**
 * Tells queue and registry that a worker's process has ended. Resolves with how many tasks were taken back. Tried a few
 * times; after that it rejects, and the lease runs out by itself.
 */
export async function publishDeath(
  { queue, registry }: Pick<SupervisorOptions, "queue" | "registry">,
  workerId: string,
  cause: string,
): Promise<number> {
  const [recovered] = await Promise.all([
    persist(async () => queue?.workerLost(workerId, cause)),
    persist(async () => registry?.declareDead(workerId, cause)),
  ]);
  return recovered ?? 0;
}

async function persist<T>(tell: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await tell();
    } catch (error) {
      if (tries === TRIES || isClosed(error)) throw error;
      await sleep(200 * tries);
    }
  }
}

/** The program ends and has closed its connections. */
function isClosed(error: unknown): boolean {
  return error instanceof ImgqError && /^IMGQ_(QUEUE|REDIS)_CLOSED$/.test(error.code);
}
