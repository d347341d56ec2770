import type { LogLevel } from "@imgq/core";
import type { PortableSource } from "@imgq/core/redis";
import type { RegistryConnection, WorkerMetadata } from "@imgq/registry";
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
  readonly pulse: SharedArrayBuffer;
  readonly self: SharedArrayBuffer;
}

/** The end of its work: all else it learns from what it shares. */
export type ToBeatThread = { readonly type: "stop" };

export type FromBeatThread =
  | { readonly type: "report"; readonly report: BeatReport }
  | {
      readonly type: "log";
      readonly level: Exclude<LogLevel, "silent">;
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    };
