import type { ActiveAlert, AlertMessage } from "../alerts/alert.ts";

/** Tells somebody about alerts. Retries, order and patience are the delivery's business, not the notifier's. */
export interface Notifier {
  /** For the log. */
  readonly name: string;
  /**
   * One attempt to tell. Rejects when it failed: with {@link NotifyRefusedError} when trying again is of no use. Must give
   * up when `signal` aborts.
   */
  notify(message: AlertMessage, signal: AbortSignal): Promise<void>;
  /** Says about once a minute what still fires, for receivers that forget. A failure is of no consequence. */
  remind?(active: readonly ActiveAlert[], signal: AbortSignal): Promise<void>;
}
