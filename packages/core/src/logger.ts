export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Named values of a log line: `taskId`, `queue`, `attempt`, `workerId`, … */
export type LogFields = Readonly<Record<string, unknown>>;

/** What imgq logs through; pino, winston and console adapters fit it in a few lines. Messages are constant, values go into fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  /** Lines below this level are dropped. @default "info" */
  readonly level?: LogLevel | (() => LogLevel);
  /** `json`: one object a line, for machines. `pretty`: one sentence a line, for people. @default "json" */
  readonly format?: "json" | "pretty";
  /** Where a finished line goes. @default standard error */
  readonly write?: (line: string) => void;
}

/** A small structured logger. The level may be a function, so that it can change while the program runs. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = "info", format = "json", write = writeToStderr } = options;
  const render = format === "json" ? renderJson : renderPretty;
  const minimum = (): number => logLevels.indexOf(typeof level === "function" ? level() : level);

  const bind = (bound: LogFields): Logger => {
    const log =
      (lineLevel: LogLevel) =>
      (message: string, fields: LogFields = {}): void => {
        if (logLevels.indexOf(lineLevel) < minimum()) return;
        write(render(lineLevel, message, { ...bound, ...fields }));
      };
    return {
      debug: log("debug"),
      info: log("info"),
      warn: log("warn"),
      error: log("error"),
      child: (fields) => bind({ ...bound, ...fields }),
    };
  };
  return bind({});
}

export const silentLogger: Logger = createLogger({ level: "silent", write: () => {} });

function writeToStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

function renderJson(level: LogLevel, message: string, fields: LogFields): string {
  return JSON.stringify({ time: new Date().toISOString(), level, message, ...fields }, jsonSafe);
}

function renderPretty(level: LogLevel, message: string, fields: LogFields): string {
  const time = new Date().toISOString().slice(11, 23);
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${plain(value)}`);
  return [time, level.padEnd(5), message, ...rest].join(" ");
}

function plain(value: unknown): string {
  const text = typeof value === "string" ? value : (messageOf(value) ?? JSON.stringify(value, jsonSafe));
  return text !== undefined && /[\s"]/.test(text) && (typeof value === "string" || messageOf(value) === text)
    ? JSON.stringify(text)
    : String(text);
}

/** Of an error or the summary of one: people read its sentence, not its stack. */
function messageOf(value: unknown): string | undefined {
  if (!(value instanceof Object && "name" in value && "message" in value)) return undefined;
  return typeof value.message === "string" ? value.message : undefined;
}

function jsonSafe(_key: string, value: unknown): unknown {
  if (value instanceof Error) return { name: value.name, message: value.message };
  return typeof value === "bigint" ? value.toString() : value;
}
