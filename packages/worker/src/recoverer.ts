import { type Logger, PeriodicService } from "@imgq/core";
import type { Queue, RecoverReport } from "@imgq/queue";

export interface RecovererOptions {
  readonly queue: Pick<Queue, "recover">;
  readonly intervalMs: number;
  /** Whether Redis answers at present; without it there is nothing to recover. */
  readonly reachable: () => boolean;
  readonly onRecovered: (report: RecoverReport) => void;
  readonly log: Logger;
}

/**
 * Takes back what dead workers held. Every worker does it, idle or busy: the interval, jittered, is what the last
 * survivor adds to the lease of the dead; among many the next round is never far.
 */
export function createRecoverer(options: RecovererOptions): PeriodicService {
  const { queue, intervalMs, reachable, onRecovered, log } = options;
  return new PeriodicService({
    name: "recovery",
    intervalMs,
    runOnce: async () => {
      if (!reachable()) return 0;
      const report = await queue.recover();
      const changed = report.lost + report.timedOut + report.dead;
      if (changed > 0) onRecovered(report);
      return changed;
    },
    log,
  });
}
