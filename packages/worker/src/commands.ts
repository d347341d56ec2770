import type { LogLevel } from "@imgq/core";
import type { WorkerCommand } from "@imgq/registry";
import type { Worker } from "./worker.ts";

const STOPPED = "stopped by command";
const DRAINED = "drained by command";

/** Whether a worker that gives this reason for its end was stopped by a command. */
export function isByCommand(reason: string): boolean {
  return reason === STOPPED || reason === DRAINED;
}

/** What a command may do to a worker. */
export interface Commanded extends Pick<Worker, "quiet" | "resume" | "stop" | "setConcurrency"> {
  cancelTask(queue: string, id: string): Promise<void>;
  setLogLevel(level: LogLevel): void;
}

/** Carries out what `registry.send` asked for. A stop is begun, not waited for. */
export async function carryOut(command: WorkerCommand, worker: Commanded): Promise<void> {
  switch (command.type) {
    case "quiet":
      return worker.quiet();
    case "resume":
      return worker.resume();
    case "drain":
      void worker.stop({ timeoutMs: Number.POSITIVE_INFINITY, reason: DRAINED });
      return;
    case "stop": {
      const { timeoutMs } = command;
      void worker.stop({ reason: STOPPED, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
      return;
    }
    case "set-concurrency":
      return worker.setConcurrency(command.concurrency);
    case "cancel-task":
      return worker.cancelTask(command.queue, command.id);
    case "log-level":
      return worker.setLogLevel(command.level);
    default:
      return command satisfies never;
  }
}
