/** JSON-safe view of an error, as stored in a task's history and written to logs. */
export interface ErrorSummary {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** At most {@link MAX_STACK_BYTES} characters. */
  readonly stack?: string;
}

const MAX_STACK_BYTES = 4096;
const MAX_MESSAGE_BYTES = 2048;

/**
 * Base of every error that imgq throws. `code` is stable across releases (`IMGQ_…`) and is what programs test;
 * the message is for people: what, with which value, and what to do.
 */
export class ImgqError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** An option or argument has a value that cannot work. Code `IMGQ_INVALID_OPTION`. */
export class InvalidOptionError extends ImgqError {
  readonly option: string;
  readonly received: unknown;

  /** `requirement` continues the sentence "`option` must …", `remedy` says what to do. */
  constructor(option: string, requirement: string, received: unknown, remedy: string) {
    super("IMGQ_INVALID_OPTION", `${option} must ${requirement}; got ${show(received)}. ${remedy}`);
    this.option = option;
    this.received = received;
  }
}

/** Turns anything thrown into a bounded, JSON-safe summary. Never throws itself. */
export function summarizeError(thrown: unknown): ErrorSummary {
  if (!(thrown instanceof Error)) return { name: "Error", message: clip(show(thrown), MAX_MESSAGE_BYTES) };
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
  return {
    name: clip(String(thrown.name), 128),
    message: clip(String(thrown.message), MAX_MESSAGE_BYTES),
    ...(code === undefined ? {} : { code: clip(code, 128) }),
    ...(typeof thrown.stack === "string" ? { stack: clip(thrown.stack, MAX_STACK_BYTES) } : {}),
  };
}

/** A short, safe rendering of any value for an error message. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(clip(value, 200));
  if (typeof value === "function") return `a function${value.name === "" ? "" : ` (${value.name})`}`;
  try {
    return clip(JSON.stringify(value) ?? String(value), 200);
  } catch {
    // Circular objects and BigInt inside objects have no JSON form.
    return Object.prototype.toString.call(value);
  }
}

function clip(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
