import {
  type ScriptTotals,
  type TaskInHand,
  type WorkerMetadata,
  type WorkerState,
  type WorkerVitals,
  workerStates,
} from "./registry.ts";
import type { LivenessFacts } from "./liveness.ts";

// The hash of a worker: one whole word a field, so that HGETALL tells a person everything.

/** The fields that `register` writes. */
export function metadataFields(metadata: WorkerMetadata): (string | number)[] {
  return [
    "hostname",
    metadata.hostname,
    "pid",
    metadata.pid,
    "startedAt",
    metadata.startedAt,
    "queues",
    JSON.stringify(metadata.queues),
    "concurrency",
    metadata.concurrency,
    "versions",
    JSON.stringify(metadata.versions),
    "labels",
    JSON.stringify(metadata.labels ?? {}),
  ];
}

/** The fields that a beat with vitals writes. */
export function vitalsFields(vitals: WorkerVitals): (string | number)[] {
  return [
    "state",
    vitals.state,
    "slots",
    vitals.slots,
    "busySlots",
    vitals.busySlots,
    "tasks",
    JSON.stringify(vitals.tasks),
    "completed",
    vitals.totals.completed,
    "failed",
    vitals.totals.failed,
    "retried",
    vitals.totals.retried,
    "released",
    vitals.totals.released,
    "lost",
    vitals.totals.lost,
    "tasksPerMinute",
    vitals.tasksPerMinute,
    "rssBytes",
    vitals.memory.rssBytes,
    "heapUsedBytes",
    vitals.memory.heapUsedBytes,
    "externalBytes",
    vitals.memory.externalBytes,
    "eventLoopDelayP50Ms",
    vitals.eventLoopDelayMs.p50,
    "eventLoopDelayP99Ms",
    vitals.eventLoopDelayMs.p99,
    "cpuPercent",
    vitals.cpuPercent,
    "redisRoundTripMs",
    vitals.redisRoundTripMs ?? "",
    "scripts",
    JSON.stringify(vitals.scripts ?? {}),
    "counters",
    JSON.stringify(vitals.counters ?? {}),
    "lastError",
    vitals.lastError ?? "",
  ];
}

/** What is stored of a worker, before anybody judges whether it is alive. */
export interface StoredWorker extends LivenessFacts {
  readonly id: string;
  readonly metadata: WorkerMetadata;
  readonly registeredAt: number;
  readonly vitals?: WorkerVitals;
}

/** Reads the hash of a worker. Undefined when it is not one; missing fields, as an older version leaves, become empty ones. */
export function parseWorker(fields: ReadonlyMap<string, string>): StoredWorker | undefined {
  const id = fields.get("id");
  const state = workerStates.find((known) => known === fields.get("state"));
  if (id === undefined || state === undefined) return undefined;
  const text = (name: string): string => fields.get(name) ?? "";
  const number = (name: string): number => finite(fields.get(name));
  const vitals = fields.has("busySlots") ? parseVitals(fields, stateTold(fields, state)) : undefined;
  return {
    id,
    metadata: {
      hostname: text("hostname"),
      pid: number("pid"),
      startedAt: number("startedAt"),
      queues: strings(parseJson(text("queues"))),
      concurrency: number("concurrency"),
      versions: stringRecord(parseJson(text("versions"))),
      labels: stringRecord(parseJson(text("labels"))),
    },
    registeredAt: number("registeredAt"),
    state,
    lastBeatAt: number("lastBeatAt"),
    ...(vitals === undefined ? {} : { vitals }),
    ...(fields.has("endedAt") ? { end: { reason: text("endReason"), at: number("endedAt") } } : {}),
  };
}

/** The state that a worker told itself last: nobody says of himself that he is dead. */
function stateTold(fields: ReadonlyMap<string, string>, state: WorkerState): Exclude<WorkerState, "dead"> {
  if (state !== "dead") return state;
  const before = workerStates.find((known) => known === fields.get("stateBefore"));
  return before === undefined || before === "dead" ? "running" : before;
}

function parseVitals(fields: ReadonlyMap<string, string>, state: Exclude<WorkerState, "dead">): WorkerVitals {
  const number = (name: string): number => finite(fields.get(name));
  const lastError = fields.get("lastError") ?? "";
  const roundTrip = fields.get("redisRoundTripMs") ?? "";
  return {
    state,
    slots: number("slots"),
    busySlots: number("busySlots"),
    tasks: tasksInHand(parseJson(fields.get("tasks") ?? "")),
    totals: {
      completed: number("completed"),
      failed: number("failed"),
      retried: number("retried"),
      released: number("released"),
      lost: number("lost"),
    },
    tasksPerMinute: number("tasksPerMinute"),
    memory: {
      rssBytes: number("rssBytes"),
      heapUsedBytes: number("heapUsedBytes"),
      externalBytes: number("externalBytes"),
    },
    eventLoopDelayMs: { p50: number("eventLoopDelayP50Ms"), p99: number("eventLoopDelayP99Ms") },
    cpuPercent: number("cpuPercent"),
    ...(roundTrip === "" ? {} : { redisRoundTripMs: finite(roundTrip) }),
    scripts: scriptTotals(parseJson(fields.get("scripts") ?? "")),
    counters: numberRecord(parseJson(fields.get("counters") ?? "")),
    ...(lastError === "" ? {} : { lastError }),
  };
}

function finite(text: string | undefined): number {
  const value = Number(text);
  return Number.isFinite(value) ? value : 0;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function stringRecord(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  const entries = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(entries);
}

function numberRecord(value: unknown): Record<string, number> {
  if (!isRecord(value)) return {};
  const entries = Object.entries(value).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  return Object.fromEntries(entries);
}

function scriptTotals(value: unknown): Record<string, ScriptTotals> {
  if (!isRecord(value)) return {};
  const entries = Object.entries(value).flatMap(([name, totals]) =>
    isRecord(totals)
      ? [[name, { calls: Number(totals.calls) || 0, totalMs: Number(totals.totalMs) || 0 }] as const]
      : [],
  );
  return Object.fromEntries(entries);
}

function tasksInHand(value: unknown): TaskInHand[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    const { id, queue, attempt, elapsedMs } = isRecord(item) ? item : {};
    if (typeof id !== "string" || typeof queue !== "string") return [];
    return [{ id, queue, attempt: Number(attempt) || 0, elapsedMs: Number(elapsedMs) || 0 }];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
