import type { Snapshot } from "./snapshot.ts";

/** What an autoscaler needs to choose a number of workers, per queue and as plain numbers. */
export interface Backlog {
  /** False: the numbers are old or missing; keep the present number of workers. */
  readonly fresh: boolean;
  /** Tasks waiting or running, over all queues. */
  readonly backlog: number;
  /** Slots of the workers alive. */
  readonly slots: number;
  /** `backlog` ÷ `slots`; the backlog itself when there are none. Above 1: more slots would help. */
  readonly perSlot: number;
  readonly queues: Readonly<Record<string, QueueBacklog>>;
}

export interface QueueBacklog {
  readonly backlog: number;
  readonly pending: number;
  readonly processing: number;
  readonly oldestPendingAgeSeconds: number;
  /** Seconds until the backlog is done at the recent rate; null while nothing completes. */
  readonly etaSeconds: number | null;
}

export function backlogOf(snapshot: Snapshot): Backlog {
  const queues: Record<string, QueueBacklog> = {};
  // Paused queues are left out: more workers would not run their tasks.
  for (const queue of snapshot.queues.filter((each) => !each.paused)) {
    queues[queue.name] = {
      backlog: queue.backlog,
      pending: queue.counts.pending,
      processing: queue.counts.processing,
      oldestPendingAgeSeconds: queue.oldestPendingAgeMs / 1000,
      etaSeconds: queue.etaMs === undefined ? null : queue.etaMs / 1000,
    };
  }
  const backlog = Object.values(queues).reduce((sum, queue) => sum + queue.backlog, 0);
  const { slots } = snapshot.workers;
  return {
    fresh: !snapshot.workers.stale && snapshot.queues.every((queue) => !queue.stale),
    backlog,
    slots,
    perSlot: slots === 0 ? backlog : backlog / slots,
    queues,
  };
}
