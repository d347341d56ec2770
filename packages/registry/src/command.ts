import type { WorkerCommand } from "./registry.ts";

/** Reads a command from its JSON. Undefined when this version does not know it: a newer program may have sent it. */
export function parseCommand(json: string): WorkerCommand | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("type" in value)) return undefined;
  switch (value.type) {
    case "quiet":
    case "resume":
    case "drain":
      return { type: value.type };
    case "stop": {
      const timeoutMs = numberIn(value, "timeoutMs", 0);
      return { type: "stop", ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    }
    case "set-concurrency": {
      const concurrency = numberIn(value, "concurrency", 1);
      return concurrency === undefined ? undefined : { type: "set-concurrency", concurrency };
    }
    case "cancel-task":
      return "queue" in value &&
        typeof value.queue === "string" &&
        "id" in value &&
        typeof value.id === "string"
        ? { type: "cancel-task", queue: value.queue, id: value.id }
        : undefined;
    case "log-level":
      return "level" in value && isLevel(value.level) ? { type: "log-level", level: value.level } : undefined;
    default:
      return undefined;
  }
}

function numberIn(value: object, name: string, minimum: number): number | undefined {
  const field: unknown = Reflect.get(value, name);
  return typeof field === "number" && Number.isFinite(field) && field >= minimum ? field : undefined;
}

const levels = ["debug", "info", "warn", "error"] as const;

function isLevel(value: unknown): value is (typeof levels)[number] {
  return levels.some((level) => level === value);
}
