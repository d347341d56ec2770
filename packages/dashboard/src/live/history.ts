import type { QueueSnapshot, Snapshot } from "@imgq/monitor";
import type { Percentiles } from "@imgq/queue";
import type { HistoryPoint, QueuePoint, WorkerPoint } from "./wire.ts";

/** Points kept: ten minutes at one each two seconds. */
const LENGTH = 300;
const MIN_GAP_MS = 1900;

/** The recent past of the charts, made of snapshots as they come. */
export class History {
  #points: readonly HistoryPoint[] = [];
  #before: Snapshot | undefined;

  get points(): readonly HistoryPoint[] {
    return this.#points;
  }

  /** Takes a snapshot in; undefined when it comes too soon after the last point. */
  add(snapshot: Snapshot): HistoryPoint | undefined {
    const before = this.#before;
    if (before !== undefined && snapshot.at - before.at < MIN_GAP_MS) return undefined;
    this.#before = snapshot;
    const point: HistoryPoint = {
      at: snapshot.at,
      queues: Object.fromEntries(
        snapshot.queues
          .filter((queue) => !queue.stale)
          .map((queue) => [
            queue.name,
            queuePoint(
              queue,
              before?.queues.find(({ name }) => name === queue.name),
            ),
          ]),
      ),
      workers: snapshot.workers.stale ? {} : workerPoints(snapshot),
    };
    this.#points = [...this.#points, point].slice(-LENGTH);
    return point;
  }
}

function queuePoint(queue: QueueSnapshot, before: QueueSnapshot | undefined): QueuePoint {
  const perSecond = (total: "completed" | "failed"): number | null => {
    if (before === undefined || before.stale) return null;
    const seconds = (queue.at - before.at) / 1000;
    const more = queue.totals[total] - before.totals[total];
    // Below zero: the queue was cleared in between.
    return seconds > 0 && more >= 0 ? more / seconds : null;
  };
  return {
    completed: perSecond("completed"),
    failed: perSecond("failed"),
    backlog: queue.backlog,
    oldest: queue.oldestPendingAgeMs,
    run: tuple(queue.recent.run),
    wait: tuple(queue.recent.wait),
  };
}

function workerPoints({ workers }: Snapshot): Record<string, WorkerPoint> {
  const points: Record<string, WorkerPoint> = {};
  for (const { id, alive, vitals } of workers.list) {
    if (alive && vitals !== undefined) points[id] = { cpu: vitals.cpuPercent, busy: vitals.busySlots };
  }
  return points;
}

function tuple({ p50, p95, p99 }: Percentiles): QueuePoint["run"] {
  return [p50 ?? null, p95 ?? null, p99 ?? null];
}
