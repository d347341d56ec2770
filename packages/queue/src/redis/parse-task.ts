import type { ErrorSummary } from "@imgq/core";
import { DEFAULT_TIMEOUT_MS, withCompletedAttempt } from "../history.ts";
import { isTrace } from "../identifiers.ts";
import { decodeJson } from "../payload.ts";
import {
  type Attempt,
  type AttemptOutcome,
  attemptOutcomes,
  type DeadReason,
  deadReasons,
  type Priority,
  priorities,
  type Task,
  type TaskProgress,
  type TaskState,
  taskStates,
} from "../task.ts";

type Fields = ReadonlyMap<string, string>;

/**
 * Reads a task's hash. It may have been written by anybody, so nothing is believed: what is missing or malformed becomes
 * its default, and no reader ever throws.
 */
export function parseTask(queue: string, id: string, pairs: readonly string[]): Task {
  const fields = new Map<string, string>();
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    fields.set(pairs[index] ?? "", pairs[index + 1] ?? "");
  }
  const state = stateOf(fields.get("state"));
  const optional = {
    trace: traceOf(fields.get("trace")),
    dueAt: state === "scheduled" ? wholeOf(fields, "dueAt") : undefined,
    ...claimOf(fields.get("claim")),
    finishedAt: wholeOf(fields, "finishedAt"),
    progress: progressOf(json(fields.get("progress"))),
    result: json(fields.get("result")),
    lastError: errorOf(json(fields.get("lastError"))),
    deadReason: deadReasons.find((reason): reason is DeadReason => reason === fields.get("deadReason")),
  };
  const task = {
    id,
    queue,
    state,
    payload: json(fields.get("payload")),
    priority: priorities.find((one): one is Priority => one === fields.get("priority")) ?? "normal",
    attempt: wholeOf(fields, "attempt") ?? 0,
    maxRetries: wholeOf(fields, "maxRetries") ?? 0,
    crashes: wholeOf(fields, "crashes") ?? 0,
    timeoutMs: wholeOf(fields, "timeoutMs") ?? DEFAULT_TIMEOUT_MS,
    addedAt: wholeOf(fields, "addedAt") ?? 0,
    ...definedOf(optional),
  };
  const attempts = (fields.get("attempts") ?? "")
    .split("\n")
    .map((line) => attemptOf(json(line)))
    .filter((attempt) => attempt !== undefined);
  return { ...task, attempts: withCompletedAttempt(attempts, task) };
}

/** The state a hash names; one that names none has not been claimed yet and will be found malformed then. */
export function stateOf(text: string | undefined): TaskState {
  return taskStates.find((state) => state === text) ?? "pending";
}

/** What a claim says of itself, "token|worker|since", as in lua/task.lua. */
function claimOf(text: string | undefined): Pick<Task, "claimedAt" | "worker"> {
  const [, worker, since] = /^\d+\|([^|]+)\|(\d{1,15})/.exec(text ?? "") ?? [];
  return worker === undefined ? {} : { claimedAt: Number(since), worker };
}

function traceOf(text: string | undefined): string | undefined {
  return text !== undefined && isTrace(text) ? text : undefined;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function definedOf<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}

function wholeOf(fields: Fields, name: string): number | undefined {
  const text = fields.get(name);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function json(text: string | undefined): unknown {
  if (text === undefined || text === "") return undefined;
  try {
    return decodeJson(text);
  } catch {
    return undefined;
  }
}

function progressOf(value: unknown): TaskProgress | undefined {
  if (!isObject(value) || typeof value.fraction !== "number") return undefined;
  return { fraction: value.fraction, ...(typeof value.note === "string" ? { note: value.note } : {}) };
}

function errorOf(value: unknown): ErrorSummary | undefined {
  if (!isObject(value) || typeof value.name !== "string" || typeof value.message !== "string")
    return undefined;
  return {
    name: value.name,
    message: value.message,
    ...(typeof value.code === "string" ? { code: value.code } : {}),
    ...(typeof value.stack === "string" ? { stack: value.stack } : {}),
  };
}

function attemptOf(value: unknown): Attempt | undefined {
  if (!isObject(value)) return undefined;
  const { attempt, worker, startedAt, endedAt } = value;
  const outcome = attemptOutcomes.find((one): one is AttemptOutcome => one === value.outcome);
  if (
    outcome === undefined ||
    typeof attempt !== "number" ||
    typeof worker !== "string" ||
    typeof startedAt !== "number" ||
    typeof endedAt !== "number"
  ) {
    return undefined;
  }
  const error = errorOf(value.error);
  return { attempt, worker, startedAt, endedAt, outcome, ...(error === undefined ? {} : { error }) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
