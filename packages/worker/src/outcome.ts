import type { DeadReason } from "@imgq/queue";

/** How one execution ended, whatever its handler did. Everything after the run reads only this. */
export type Outcome<R = unknown> =
  | { readonly kind: "completed"; readonly result: R }
  | { readonly kind: "failed"; readonly error: unknown; readonly deadReason?: DeadReason }
  | { readonly kind: "timeout"; readonly error: unknown }
  /** Cancelled while running. */
  | { readonly kind: "cancelled"; readonly error: unknown }
  /** Given back at the handler's wish. */
  | { readonly kind: "later"; readonly delayMs: number }
  /** Given back because the worker stops. */
  | { readonly kind: "released" }
  /** Another worker has the task. */
  | { readonly kind: "lost" };
