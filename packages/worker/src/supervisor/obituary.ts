import { ImgqError, type Logger, sleep } from "@imgq/core";
import type { SupervisorOptions } from "./supervisor.ts";

const TRIES = 5;

/**
 * Tells queue and registry that a worker's process has ended. Returns how many tasks were taken back. Tried a few times;
 * after that the lease runs out by itself. Never rejects.
 */
export async function publishDeath(
  { queue, registry }: Pick<SupervisorOptions, "queue" | "registry">,
  workerId: string,
  cause: string,
  log: Logger,
): Promise<number> {
  const [recovered] = await Promise.all([
    persist(async () => queue?.workerLost(workerId, cause), log),
    persist(async () => registry?.declareDead(workerId, cause), log),
  ]);
  return recovered ?? 0;
}

async function persist<T>(tell: () => Promise<T>, log: Logger): Promise<T | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await tell();
    } catch (error) {
      if (tries === TRIES || isClosed(error)) {
        log.warn("The end of a worker could not be told, its lease will tell it", { error });
        return undefined;
      }
      await sleep(200 * tries);
    }
  }
}

/** The program ends and has closed its connections. */
function isClosed(error: unknown): boolean {
  return error instanceof ImgqError && /^IMGQ_(QUEUE|REDIS)_CLOSED$/.test(error.code);
}
