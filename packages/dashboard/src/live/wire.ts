import type { ActiveAlert, Snapshot } from "@imgq/monitor";

/** What a page gets each second. */
export interface LiveMessage {
  readonly snapshot: Snapshot;
  readonly alerts: readonly ActiveAlert[];
  /** New points of the charts since the last message; all known ones in the first. */
  readonly points: readonly HistoryPoint[];
  /** The first message after a connection: what was known before is to be forgotten. */
  readonly first: boolean;
}

/** One moment of the charts. */
export interface HistoryPoint {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly queues: Readonly<Record<string, QueuePoint>>;
  readonly workers: Readonly<Record<string, WorkerPoint>>;
}

/** Numbers of a queue; null where nothing is known. Durations in ms. */
export interface QueuePoint {
  /** Per second, since the point before. */
  readonly completed: number | null;
  readonly failed: number | null;
  readonly backlog: number;
  readonly oldest: number;
  readonly run: readonly [number | null, number | null, number | null];
  readonly wait: readonly [number | null, number | null, number | null];
}

export interface WorkerPoint {
  readonly cpu: number;
  readonly busy: number;
}
