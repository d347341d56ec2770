import type { AlertMessage, AlertStates } from "./alert.ts";

/**
 * Where alerts remember what they said, so that a restart does not ring again and of several monitors only one, the
 * leader, speaks. Every call may be repeated safely.
 */
export interface AlertStore {
  /** Takes the lead, or keeps it. False: another monitor leads. */
  lead(): Promise<boolean>;
  load(): Promise<StoredAlerts>;
  /** Keeps new states and the messages they brought. `not-leader`: nothing was kept and nothing may be said. */
  commit(states: AlertStates, messages: readonly AlertMessage[]): Promise<"ok" | "not-leader">;
  /** The messages need not be sent again after a restart. */
  delivered(ids: readonly string[]): Promise<void>;
  /** What was said, newest first. */
  history(limit: number): Promise<readonly AlertMessage[]>;
  /** Lets another monitor lead at once. */
  resign(): Promise<void>;
  close(): Promise<void>;
}

export interface StoredAlerts {
  /** Some monitor leads now. */
  readonly led: boolean;
  readonly states: AlertStates;
  /** Committed, but not known to have been delivered: its sender may have died. Oldest first. */
  readonly undelivered: readonly AlertMessage[];
}

/** Messages kept for people to look back on. */
export const HISTORY_LENGTH = 200;
