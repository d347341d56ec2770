import { logLevels, type LogLevel } from "@imgq/core";

/** What the parent of a worker process tells it. Travels as JSON in the environment: arguments are visible to everybody, and a Redis address may hold a password. */
export interface WorkerSettings {
  readonly redis: string;
  readonly queue: string;
  readonly prefix: string;
  readonly inputRoot: string;
  readonly outputRoot: string;
  readonly filterModules: readonly string[];
  readonly concurrency: number;
  readonly shutdownTimeoutMs: number;
  readonly memoryLimitBytes?: number;
  readonly logFormat: "json" | "pretty";
  readonly logLevel: LogLevel;
}

const variable = "IMGQ_WORKER_SETTINGS";

export function settingsToEnvironment(settings: WorkerSettings): Record<string, string> {
  return { [variable]: JSON.stringify(settings) };
}

/** Reads what {@link settingsToEnvironment} wrote. Throws when there is nothing, or something else. */
export function settingsFromEnvironment(env: NodeJS.ProcessEnv): WorkerSettings {
  const given: unknown = JSON.parse(env[variable] ?? "null");
  if (!(given instanceof Object))
    throw new Error(`${variable} is not set: this program is started by imgq worker.`);
  const text = (name: string): string => String(Reflect.get(given, name));
  const number = (name: string): number => Number(Reflect.get(given, name));
  const modules: unknown = Reflect.get(given, "filterModules");
  const memoryLimitBytes = number("memoryLimitBytes");
  return {
    redis: text("redis"),
    queue: text("queue"),
    prefix: text("prefix"),
    inputRoot: text("inputRoot"),
    outputRoot: text("outputRoot"),
    filterModules: Array.isArray(modules) ? modules.map(String) : [],
    concurrency: number("concurrency"),
    shutdownTimeoutMs: number("shutdownTimeoutMs"),
    ...(Number.isFinite(memoryLimitBytes) ? { memoryLimitBytes } : {}),
    logFormat: text("logFormat") === "pretty" ? "pretty" : "json",
    logLevel: logLevels.find((level) => level === text("logLevel")) ?? "info",
  };
}
