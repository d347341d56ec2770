import { judgeLiveness, type Outage } from "./liveness.ts";
import type { WorkerRecord } from "./registry.ts";
import type { StoredWorker } from "./worker-fields.ts";

/** What is stored of a worker, judged at `now`. */
export function workerRecord(
  worker: StoredWorker,
  now: number,
  timeoutMs: number,
  outage: Outage,
): WorkerRecord {
  const { end: _stored, state: _told, ...rest } = worker;
  return {
    ...rest,
    ...judgeLiveness(worker, now, timeoutMs, outage),
    timeSinceHeartbeatMs: Math.max(0, now - worker.lastBeatAt),
  };
}
