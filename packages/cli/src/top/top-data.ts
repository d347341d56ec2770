import type { DeadGroup, Snapshot } from "@imgq/monitor";
import type { Task } from "@imgq/queue";
import type { WorkerRecord } from "@imgq/registry";

/** What the views show: the system now, and the list that is open. */
export interface TopData {
  readonly snapshot: Snapshot;
  /** Dead letters by cause, when the view of them is open. */
  readonly groups: readonly DeadGroup[];
  /** Tasks of the open view, when it is one of tasks. */
  readonly tasks: readonly Task[];
  /** The task that is looked at closely; `undefined` when it is gone or none is. */
  readonly task: Task | undefined;
  /** Completed tasks a second, oldest first; one entry a look. */
  readonly throughput: readonly number[];
}

/** The workers as the view lists them: alive ones first, then by id. */
export function listedWorkers(data: TopData): readonly WorkerRecord[] {
  return data.snapshot.workers.list.toSorted(
    (a, b) => Number(b.alive) - Number(a.alive) || a.id.localeCompare(b.id),
  );
}
