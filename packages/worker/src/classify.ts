import { type DeadReason, deadReasons } from "@imgq/queue";
import { LeaseLostError, TaskCancelledError, TaskTimeoutError, WorkerStoppingError } from "./errors.ts";
import type { Outcome } from "./outcome.ts";

/** What a handler did. `ignored`: its signal aborted and it did not end in time. */
export type Ending<R> =
  | { readonly kind: "resolved"; readonly result: R }
  | { readonly kind: "rejected"; readonly error: unknown }
  | { readonly kind: "ignored" };

/**
 * Says what an execution came to. The reason of the abort weighs more than what the handler made of it: a lost task is
 * lost even if it was finished, and one that was out of time is out of time. Short of these a finished task is finished.
 */
export function classify<R>(ending: Ending<R>, abortReason: unknown): Outcome<R> {
  if (abortReason instanceof LeaseLostError) return { kind: "lost" };
  if (abortReason instanceof TaskTimeoutError) return { kind: "timeout", error: abortReason };
  if (ending.kind === "resolved") return { kind: "completed", result: ending.result };
  if (abortReason instanceof TaskCancelledError) return { kind: "cancelled", error: abortReason };
  // Released, not failed: a deploy is not the task's fault, nor is what the handler throws because of it.
  if (abortReason instanceof WorkerStoppingError) return { kind: "released" };
  return classifyError(ending.kind === "rejected" ? ending.error : abortReason);
}

/** By shape, not by class: the handler may have been built against another copy of imgq, or against none. */
function classifyError(error: unknown): Outcome<never> {
  const { code, permanent, deadReason, delayMs } = fields(error);
  if (code === "IMGQ_RETRY_LATER") return { kind: "later", delayMs: wholeMs(delayMs) };
  const named = deadReasons.find((reason) => reason === deadReason);
  const reason: DeadReason | undefined =
    named ??
    (code === "IMGQ_UNRECOVERABLE" ? "unrecoverable" : permanent === true ? "invalid-input" : undefined);
  return { kind: "failed", error, ...(reason === undefined ? {} : { deadReason: reason }) };
}

function fields(error: unknown): Partial<Record<"code" | "permanent" | "deadReason" | "delayMs", unknown>> {
  return typeof error === "object" && error !== null ? error : {};
}

function wholeMs(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? Math.ceil(value) : 0;
}
