import type { Logger } from "@imgq/core";
import type { Monitor } from "@imgq/monitor";
import { type HealthServer, startHealthServer, type Supervisor, supervisorHealth } from "@imgq/worker";
import { defaults } from "../options.ts";

export interface HealthOptions {
  readonly supervisor: Supervisor;
  readonly monitor: Monitor;
  readonly host: string;
  /** Undefined: the default port, or a free one when another worker of this machine has it. */
  readonly port: number | undefined;
  readonly log: Logger;
}

/** Answers `/livez`, `/readyz` and `/metrics` for the worker processes of this command. */
export async function serveHealth({
  supervisor,
  monitor,
  host,
  port,
  log,
}: HealthOptions): Promise<HealthServer> {
  const options = { check: supervisorHealth(supervisor), metrics: () => monitor.prometheus(), host, log };
  try {
    return await startHealthServer({ ...options, port: port ?? defaults.healthPort });
  } catch (error) {
    const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    if (!taken || port !== undefined) throw error;
    return startHealthServer({ ...options, port: 0 });
  }
}
