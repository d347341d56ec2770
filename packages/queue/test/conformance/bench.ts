import type { Claim, Queue, QueueOptions } from "@imgq/queue";

/** A time that passes only when told to. */
export interface VirtualClock {
  readonly now: () => number;
  advance(ms: number): void;
}

export interface Bench {
  /** A fresh, empty queue with a virtual clock, no backoff and a lease of one second. */
  open(options?: Partial<QueueOptions>): {
    readonly queue: Queue<unknown, unknown>;
    readonly clock: VirtualClock;
  };
}

export const START = 1_700_000_000_000;

export function virtualClock(): VirtualClock {
  let time = START;
  return {
    now: () => time,
    advance: (ms) => {
      time += ms;
    },
  };
}

/** Claims one task that must be there. */
export async function claimOne(queue: Queue<unknown, unknown>, worker = "w1"): Promise<Claim<unknown>> {
  const [claim] = await queue.claim({ worker });
  if (claim === undefined) throw new Error("There was nothing to claim.");
  return claim;
}

export async function claimIds(
  queue: Queue<unknown, unknown>,
  limit: number,
  worker = "w1",
): Promise<string[]> {
  const claims = await queue.claim({ worker, limit });
  return claims.map((claim) => claim.id);
}
