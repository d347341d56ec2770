import { type ErrorSummary, summarizeError } from "@imgq/core";
import type { BeatReply, Queue } from "@imgq/queue";
import {
  type Registry,
  UnknownWorkerError,
  type WorkerCommand,
  type WorkerMetadata,
  type WorkerVitals,
} from "@imgq/registry";

/** What one beat brought. Plain values: it may come from another thread. */
export interface BeatReport extends BeatReply {
  readonly commands: readonly WorkerCommand[];
  readonly roundTripMs: number;
  /** The lease was not extended. */
  readonly queueError?: ErrorSummary;
  /** The registry was not told. */
  readonly registryError?: ErrorSummary;
}

export interface BeatRoundOptions {
  readonly workerId: string;
  readonly leaseMs: number;
  readonly metadata: WorkerMetadata;
  readonly queue: Queue;
  readonly registry: Registry | undefined;
}

/** Extends the lease and tells the registry, both at once: one round trip. Registers the first time, and when the registry has forgotten. */
export class BeatRound {
  readonly #options: BeatRoundOptions;
  #registered = false;

  constructor(options: BeatRoundOptions) {
    this.#options = options;
  }

  /** Never rejects. Without `keepLease` only the registry is told. */
  async run(vitals: WorkerVitals, keepLease: boolean): Promise<BeatReport> {
    const { queue, workerId, leaseMs } = this.#options;
    const startedAt = performance.now();
    const [lease, commands] = await Promise.allSettled([
      keepLease ? queue.beat({ worker: workerId, leaseMs }) : { lost: [], cancelled: [] },
      this.#tellRegistry(vitals),
    ]);
    return {
      ...(lease.status === "fulfilled" ? lease.value : { lost: [], cancelled: [] }),
      commands: commands.status === "fulfilled" ? commands.value : [],
      roundTripMs: Math.round((performance.now() - startedAt) * 100) / 100,
      ...(lease.status === "rejected" ? { queueError: summarizeError(lease.reason) } : {}),
      ...(commands.status === "rejected" ? { registryError: summarizeError(commands.reason) } : {}),
    };
  }

  async #tellRegistry(vitals: WorkerVitals): Promise<readonly WorkerCommand[]> {
    const { registry, workerId, metadata } = this.#options;
    if (registry === undefined) return [];
    if (!this.#registered) {
      await registry.register(workerId, metadata);
      this.#registered = true;
    }
    try {
      return await registry.heartbeat(workerId, vitals);
    } catch (error) {
      if (!(error instanceof UnknownWorkerError)) throw error;
      // Redis lost its data, or somebody took us for dead: we are not.
      await registry.register(workerId, metadata);
      return registry.heartbeat(workerId, vitals);
    }
  }
}
