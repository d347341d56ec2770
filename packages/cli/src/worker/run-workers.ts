import { fileURLToPath } from "node:url";
import type { Logger } from "@imgq/core";
import { createMonitor, findingsOf, type Monitor } from "@imgq/monitor";
import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { runUntilSignal, superviseWorkers, type WorkerExit } from "@imgq/worker";
import { redactUrl } from "../redis/redact-url.ts";
import { tunedEnvironment, tunedOptions } from "../tuned-environment.ts";
import { serveHealth } from "./serve-health.ts";
import { settingsToEnvironment, type WorkerSettings } from "./worker-settings.ts";

export interface RunWorkersOptions {
  readonly settings: WorkerSettings;
  readonly processes: number;
  readonly recycleAfterTasks: number | undefined;
  /** Undefined: no health endpoint. */
  readonly health: { readonly host: string; readonly port: number | undefined } | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Logger;
}

/** Keeps worker processes running until a signal or a command ends them. */
export async function runWorkers(options: RunWorkersOptions): Promise<WorkerExit> {
  const { settings, processes, log } = options;
  const { redis, queue: name, prefix } = settings;
  const queue = createQueue({ name, redis, prefix, log });
  const registry = createRegistry({ redis, prefix });
  const monitor = createMonitor({ queues: [queue], registry, redis });
  const supervisor = superviseWorkers({
    modulePath: fileURLToPath(new URL("./worker-process.js", import.meta.url)),
    processes,
    queue,
    registry,
    env: { ...environmentOf(options), ...settingsToEnvironment(settings) },
    execArgv: [...tunedOptions, ...process.execArgv],
    shutdownTimeoutMs: settings.shutdownTimeoutMs,
    ...(settings.memoryLimitBytes === undefined ? {} : { recycleAboveBytes: settings.memoryLimitBytes * 2 }),
    ...(options.recycleAfterTasks === undefined ? {} : { recycleAfterTasks: options.recycleAfterTasks }),
    log,
  });
  const { health } = options;
  const server =
    health === undefined ? undefined : await serveHealth({ supervisor, monitor, log, ...health });
  log.info("Starting workers", {
    queue: name,
    redis: redactUrl(redis),
    processes,
    concurrency: settings.concurrency,
    input: settings.inputRoot,
    output: settings.outputRoot,
    ...(server === undefined ? {} : { health: server.url }),
  });
  void warnOfRedis(monitor, log);
  try {
    return await runUntilSignal(supervisor);
  } finally {
    await Promise.all([server?.close(), monitor.close()]);
  }
}

/** Only what is not set yet: the person's own values win. */
function environmentOf({ env, settings }: RunWorkersOptions): Record<string, string> {
  const tuned = Object.entries(tunedEnvironment(env, settings.concurrency));
  return Object.fromEntries(tuned.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Settings of Redis that lose tasks are said at the start, not found after the loss. */
async function warnOfRedis(monitor: Monitor, log: Logger): Promise<void> {
  const findings = findingsOf(await monitor.snapshot());
  for (const { check, level, summary, remedy } of findings) {
    if (level === "error" && check.startsWith("redis")) log.warn(summary, { check, remedy });
  }
}
