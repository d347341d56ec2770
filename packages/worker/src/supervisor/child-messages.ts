import { workerStatuses, type WorkerStatus } from "../worker-status.ts";

/** What a worker in a child process tells its supervisor, twice a second as long as its main loop turns. */
export interface ChildReport {
  readonly imgq: "report";
  readonly workerId: string;
  readonly status: WorkerStatus;
  readonly rssBytes: number;
  /** Tasks ended since the start. */
  readonly finished: number;
  readonly longestTimeoutMs: number;
  readonly hangingMs: number;
  readonly silentMs: number;
  readonly silentAfterMs: number;
  readonly reachesRedis: boolean;
}

/** What a worker tells its supervisor last. */
export interface Farewell {
  readonly imgq: "stopped";
  readonly finished: number;
  readonly released: number;
  /** Somebody wants this worker to be gone, so no other takes its place. */
  readonly byCommand: boolean;
}

/** What a supervisor tells a child. */
export interface StopMessage {
  readonly imgq: "stop";
  readonly timeoutMs: number;
  readonly reason: string;
}

/** Undefined for messages of the program's own. */
export function parseReport(message: unknown): ChildReport | undefined {
  if (!isRecord(message) || message.imgq !== "report" || typeof message.workerId !== "string")
    return undefined;
  const status = workerStatuses.find((known) => known === message.status);
  if (status === undefined) return undefined;
  const number = (name: string): number => {
    const value = message[name];
    return typeof value === "number" ? value : 0;
  };
  return {
    imgq: "report",
    workerId: message.workerId,
    status,
    rssBytes: number("rssBytes"),
    finished: number("finished"),
    longestTimeoutMs: number("longestTimeoutMs"),
    hangingMs: number("hangingMs"),
    silentMs: number("silentMs"),
    silentAfterMs: number("silentAfterMs"),
    reachesRedis: message.reachesRedis === true,
  };
}

export function parseFarewell(message: unknown): Farewell | undefined {
  if (!isRecord(message) || message.imgq !== "stopped") return undefined;
  const { finished, released } = message;
  return typeof finished === "number" && typeof released === "number"
    ? { imgq: "stopped", finished, released, byCommand: message.byCommand === true }
    : undefined;
}

export function parseStop(message: unknown): StopMessage | undefined {
  if (!isRecord(message) || message.imgq !== "stop" || typeof message.reason !== "string") return undefined;
  const { timeoutMs, reason } = message;
  return typeof timeoutMs === "number" ? { imgq: "stop", timeoutMs, reason } : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
