import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import type { Happening, HistoryEvent } from "./history-event.ts";

/** Where one process writes down what happens to it. */
export interface History {
  readonly path: string;
  record(happening: Happening): void;
  close(): void;
}

/**
 * Opens the history of a scenario for appending. All its processes write to one file; each event is one synchronous write,
 * so that SIGKILL loses nothing that was recorded before it.
 */
export function openHistory(path: string): History {
  const file = openSync(path, "a");
  return {
    path,
    record: (happening) => {
      writeSync(file, `${JSON.stringify({ at: machineTimeMs(), pid: process.pid, ...happening })}\n`);
    },
    close: () => closeSync(file),
  };
}

/** Everything recorded so far, in the order of its times. */
export function readHistory(path: string): HistoryEvent[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.flatMap(parseEvent).sort((a, b) => a.at - b.at);
}

/** Milliseconds of a clock that all processes of this machine share and that never jumps, whatever the wall clock does. */
export function machineTimeMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function parseEvent(line: string): HistoryEvent[] {
  if (line === "") return [];
  const event: unknown = JSON.parse(line);
  return isEvent(event) ? [event] : [];
}

function isEvent(value: unknown): value is HistoryEvent {
  return typeof value === "object" && value !== null && "kind" in value && "at" in value && "pid" in value;
}
