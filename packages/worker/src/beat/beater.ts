import type { Logger } from "@imgq/core";
import type { Queue } from "@imgq/queue";
import type { Registry, WorkerMetadata, WorkerVitals } from "@imgq/registry";
import type { BeatReport } from "./beat-round.ts";
import type { PulseLimits } from "./pulse.ts";

export interface BeaterOptions {
  readonly workerId: string;
  readonly queue: Queue;
  readonly registry: Registry | undefined;
  readonly metadata: WorkerMetadata;
  readonly intervalMs: number;
  readonly leaseMs: number;
  readonly limits: PulseLimits;
  /** What to tell, asked for once a beat as long as the main loop turns. */
  readonly self: () => { readonly vitals: WorkerVitals; readonly longestTimeoutMs: number };
  readonly onReport: (report: BeatReport) => void;
  readonly log: Logger;
}

/** Keeps a worker's lease and its entry in the registry. */
export interface Beater {
  start(): void;
  /** Takes what there is to tell now, without waiting for the next turn. */
  tell(): void;
  /** No beat is under way when it resolves. */
  stop(): Promise<void>;
}
