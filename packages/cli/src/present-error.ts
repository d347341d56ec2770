import { ImgqError, InvalidOptionError, show } from "@imgq/core";
import { NotConfirmedError, RedisUnreachableError, UsageError } from "./errors.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";

/** An error as the command shows it: one message that carries its remedy, and the exit code it stands for. */
export interface PresentedError {
  readonly code: string;
  readonly message: string;
  readonly exitCode: ExitCode;
  /** For `--debug`: the stack of the error and of what caused it. */
  readonly trace: string;
}

/** Codes that other packages use for something the person wrote on the command line. */
const writtenByThePerson = new Set([
  "IMGQ_INVALID_PIPELINE",
  "IMGQ_INVALID_PARAMETERS",
  "IMGQ_INVALID_FILTER",
]);

/** Turns anything thrown into what a person reads. */
export function presentError(thrown: unknown): PresentedError {
  const code = codeOf(thrown) ?? "IMGQ_UNEXPECTED";
  return {
    code,
    message: messageOf(thrown, code),
    exitCode: exitCodeOf(thrown, code),
    trace: traceOf(thrown),
  };
}

function exitCodeOf(thrown: unknown, code: string): ExitCode {
  // By its code: the class would bring a Redis client with it.
  if (thrown instanceof RedisUnreachableError || code === "IMGQ_REDIS_TIMEOUT") return exitCodes.unreachable;
  if (thrown instanceof UsageError || thrown instanceof NotConfirmedError) return exitCodes.usage;
  if (thrown instanceof InvalidOptionError || writtenByThePerson.has(code)) return exitCodes.usage;
  return exitCodes.failed;
}

function messageOf(thrown: unknown, code: string): string {
  if (thrown instanceof ImgqError) return thrown.message;
  const message = thrown instanceof Error ? thrown.message : show(thrown);
  if (code.startsWith("E")) return `${message}. ${remedyForSystemError(code)}`;
  return `${message}. Run the command again with --debug to see where this comes from.`;
}

function remedyForSystemError(code: string): string {
  switch (code) {
    case "ENOENT":
      return "Check the path.";
    case "EACCES":
    case "EPERM":
      return "Check who owns it and what this user may do.";
    case "ENOSPC":
      return "Free some disk space.";
    case "EADDRINUSE":
      return "Choose another port.";
    default:
      return "Run the command again with --debug to see where this comes from.";
  }
}

function codeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}

function traceOf(thrown: unknown): string {
  const parts: string[] = [];
  for (let error = thrown; error !== undefined && parts.length < 5; ) {
    parts.push(error instanceof Error ? (error.stack ?? error.message) : show(error));
    error = error instanceof Error ? error.cause : undefined;
  }
  return parts.join("\nCaused by: ");
}
