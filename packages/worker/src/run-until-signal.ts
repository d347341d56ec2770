import { exitForSure } from "./exit-guard.ts";
import type { Worker } from "./worker.ts";
import type { WorkerExit } from "./worker-status.ts";

/** What can be run until a signal: a worker, or a supervisor of workers. */
export type Runnable = Pick<Worker, "start" | "stop" | "exited" | "closeConnections">;

export interface RunUntilSignalOptions {
  /** @default SIGINT and SIGTERM */
  readonly signals?: readonly NodeJS.Signals[];
  /** Milliseconds the process may take to end by itself after the stop, before it is ended. @default 1000 */
  readonly exitWithinMs?: number;
}

const KILL_AFTER_MS = 2000;

/**
 * Runs a worker as the whole of a program. The first signal stops it gracefully, a second gives everything back at once.
 * Closes its connections, sets the exit code (0 after a signal or a command, 1 when the worker ended in trouble), and
 * sees to it that the process ends although a handler that was given up may still hang.
 */
export async function runUntilSignal(
  worker: Runnable,
  options: RunUntilSignalOptions = {},
): Promise<WorkerExit> {
  const { signals = ["SIGINT", "SIGTERM"], exitWithinMs = 1000 } = options;
  let received = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    received += 1;
    void worker.stop(received === 1 ? { reason: signal } : { timeoutMs: 0, reason: signal });
  };
  for (const signal of signals) process.on(signal, onSignal);
  try {
    await worker.start();
    const exit = await worker.exited;
    if (exit.failed) process.exitCode = 1;
    return exit;
  } catch (error) {
    process.exitCode = 1;
    throw error;
  } finally {
    await worker.closeConnections();
    // A signal that comes from now on must not kill a process that is about to exit with 0.
    setTimeout(() => exitForSure(KILL_AFTER_MS), exitWithinMs).unref();
  }
}
