import type { Logger } from "@imgq/core";
import type { Queue } from "@imgq/queue";
import type { Registry, WorkerMetadata, WorkerVitals } from "@imgq/registry";
import type { BeatReport } from "./beat-round.ts";
import type { PulseLimits } from "./pulse.ts";

/** What the main loop says of itself. */
export interface Self {
  readonly vitals: WorkerVitals;
  readonly longestTimeoutMs: number;
}

export interface BeaterOptions {
  readonly workerId: string;
  readonly queue: Queue;
  readonly registry: Registry | undefined;
  readonly metadata: WorkerMetadata;
  readonly intervalMs: number;
  readonly leaseMs: number;
  readonly limits: PulseLimits;
  /** What to tell, asked for once a beat as long as the main loop turns. */
  readonly self: () => Self;
  readonly onReport: (report: BeatReport) => void;
  readonly log: Logger;
}

/** Keeps a worker's lease and its entry in the registry. */
export interface Beater {
  start(): void;
  /** Takes what there is to tell now, without waiting for the next turn. */
  tell(): void;
  /** Tasks with this timeout are about to start: from now on the main loop may be blocked for as long. */
  expect(timeoutMs: number): void;
  /** No beat is under way when it resolves. One that hangs with Redis is given up after `patienceMs`. */
  stop(patienceMs: number): Promise<void>;
}
