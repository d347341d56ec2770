import { type WorkerRecord, type WorkerState, workerStates } from "@imgq/registry";
import type { Known } from "./reading.ts";
import type { WorkersSnapshot } from "./snapshot.ts";

/** What the registry tells in one look. */
export interface KnownWorkers {
  readonly list: readonly WorkerRecord[];
  readonly ended: readonly WorkerRecord[];
}

/** Sums up what the registry knows. Slots count only where a worker is alive to use them. */
export function workersSnapshot(known: Known<KnownWorkers>): WorkersSnapshot {
  const { list, ended } = known.value ?? { list: [], ended: [] };
  const byState: Record<WorkerState, number> = emptyByState();
  let alive = 0;
  let slots = 0;
  let busySlots = 0;
  for (const worker of list) {
    byState[worker.state] += 1;
    if (!worker.alive) continue;
    alive += 1;
    slots += worker.vitals?.slots ?? worker.metadata.concurrency;
    busySlots += worker.vitals?.busySlots ?? 0;
  }
  return {
    list,
    ended,
    byState,
    alive,
    slots,
    busySlots,
    stale: known.error !== undefined,
    ...(known.error === undefined ? {} : { error: known.error }),
  };
}

function emptyByState(): Record<WorkerState, number> {
  return Object.fromEntries(workerStates.map((state) => [state, 0])) as Record<WorkerState, number>;
}
