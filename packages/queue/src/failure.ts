import { type ErrorSummary, summarizeError } from "@imgq/core";
import type { FailOptions } from "./queue.ts";
import { type DeadReason, deadReasons } from "./task.ts";

/** What an attempt's error asks for. */
export type Failure =
  | { readonly kind: "retry"; readonly error: ErrorSummary; readonly outcome: "failed" | "timeout" }
  | {
      readonly kind: "dead";
      readonly error: ErrorSummary;
      readonly outcome: "failed" | "timeout";
      readonly reason: DeadReason;
    }
  | { readonly kind: "later"; readonly delayMs: number };

/**
 * Decides by what was thrown: an error that names its `deadReason` (as `UnrecoverableError` does) or is known to be of
 * bad input is not retried; a `RetryLaterError` spends no attempt; everything else is retried. By shape, not by class:
 * the handler's package may carry another copy of ours.
 */
export function classifyFailure(thrown: unknown, options: FailOptions = {}): Failure {
  const outcome = options.outcome ?? "failed";
  const code = textField(thrown, "code");
  if (options.deadReason === undefined && code === "IMGQ_RETRY_LATER") {
    return { kind: "later", delayMs: numberField(thrown, "delayMs") ?? 0 };
  }
  const error = summarizeError(thrown);
  const reason = options.deadReason ?? reasonOf(thrown, code);
  return reason === undefined ? { kind: "retry", error, outcome } : { kind: "dead", error, outcome, reason };
}

function reasonOf(thrown: unknown, code: string | undefined): DeadReason | undefined {
  const named = textField(thrown, "deadReason");
  const known = deadReasons.find((reason) => reason === named);
  if (known !== undefined) return known;
  if (code === "IMGQ_UNRECOVERABLE") return "unrecoverable";
  return code === "IMGQ_INVALID_IMAGE" || code === "IMGQ_INVALID_INPUT" ? "invalid-input" : undefined;
}

function textField(value: unknown, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === "string" ? found : undefined;
}

function numberField(value: unknown, name: string): number | undefined {
  const found = field(value, name);
  return typeof found === "number" && Number.isFinite(found) && found >= 0 ? found : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
