import type { LogLevel } from "@imgq/core";
import type { PortableSource } from "@imgq/core/redis";
import type { RegistryConnection, WorkerMetadata, WorkerVitals } from "@imgq/registry";
import type { BeatReport } from "./beat-round.ts";
import type { PulseLimits } from "./pulse.ts";

/** All that the beat thread is given at its start. */
export interface BeatThreadConfig {
  readonly workerId: string;
  readonly queue: {
    readonly source: PortableSource;
    readonly name: string;
    readonly prefix: string | undefined;
  };
  readonly registry: RegistryConnection | undefined;
  readonly metadata: WorkerMetadata;
  readonly intervalMs: number;
  readonly leaseMs: number;
  readonly limits: PulseLimits;
  /** One number, which every turn of the main loop changes. */
  readonly turns: Int32Array<SharedArrayBuffer>;
  readonly first: { readonly vitals: WorkerVitals; readonly longestTimeoutMs: number };
}

export type ToBeatThread =
  | { readonly type: "self"; readonly vitals: WorkerVitals; readonly longestTimeoutMs: number }
  | { readonly type: "stop" };

export type FromBeatThread =
  | { readonly type: "report"; readonly report: BeatReport }
  | {
      readonly type: "log";
      readonly level: Exclude<LogLevel, "silent">;
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    };
