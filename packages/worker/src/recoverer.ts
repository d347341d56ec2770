import { type Logger, PeriodicService } from "@imgq/core";
import type { Holding, Queue, RecoverReport } from "@imgq/queue";

export interface RecovererOptions {
  readonly queue: Pick<Queue, "recover">;
  /** Milliseconds between rounds as long as no lease runs out. */
  readonly intervalMs: number;
  /** Whether Redis answers at present; without it there is nothing to recover. */
  readonly reachable: () => boolean;
  /** What the worker holds at this instant. */
  readonly holding: () => Holding;
  readonly onRecovered: (report: RecoverReport) => void;
  readonly log: Logger;
}

/** A round never comes sooner after another, and a lease has run out by then if it was to run out now. */
const MIN_PAUSE_MS = 50;

/**
 * Takes back what dead workers held. Every worker does it, idle or busy, and looks again in the moment the next lease runs
 * out; the living extend theirs long before. It says what it holds itself, so that what a failover brought back is not
 * waited for until its timeout.
 */
export function createRecoverer(options: RecovererOptions): PeriodicService {
  const { queue, intervalMs, reachable, holding, onRecovered, log } = options;
  let pauseMs = intervalMs;
  return new PeriodicService({
    name: "recovery",
    intervalMs: () => pauseMs,
    runOnce: async () => {
      pauseMs = intervalMs;
      if (!reachable()) return 0;
      const report = await queue.recover({ holding: holding() });
      pauseMs = pauseAfter(report, intervalMs);
      const changed = report.lost + report.timedOut + report.dead + report.forgotten;
      if (changed > 0) onRecovered(report);
      return changed;
    },
    log,
  });
}

/** Milliseconds until the next round is due. */
export function pauseAfter({ nextLeaseMs }: Pick<RecoverReport, "nextLeaseMs">, intervalMs: number): number {
  if (nextLeaseMs === undefined) return intervalMs;
  // It has run out already, but everybody was cut off and has time to come back.
  if (nextLeaseMs === 0) return Math.max(MIN_PAUSE_MS, intervalMs / 2);
  return Math.min(intervalMs, nextLeaseMs + MIN_PAUSE_MS);
}
