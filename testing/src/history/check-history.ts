import type { DeadReason, Task, TaskCounts } from "@imgq/queue";
import { type Accounts, account } from "./account.ts";
import { checkAlerts } from "./check-alerts.ts";
import { checkExecutions } from "./check-executions.ts";
import { checkFencing } from "./check-fencing.ts";
import { checkFinalStates } from "./check-final-states.ts";
import { checkProcesses } from "./check-processes.ts";
import { checkRecovery, type Recovery, recoveries } from "./check-recovery.ts";
import { checkRetryGaps, type RetryGap } from "./check-retry-gaps.ts";
import type { HistoryEvent } from "./history-event.ts";

/** What the queue holds when the scenario is over. */
export interface FinalState {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly counts: TaskCounts;
  /** Every key of the queue's prefix that is left in Redis. */
  readonly keys: readonly string[];
}

export interface Expectations {
  /** Tasks that must have died, and of what. All others must have lived. @default none */
  readonly dead?: ReadonlyMap<string, DeadReason>;
  /** Redis lost its data on purpose: acknowledged tasks may be missing, but must be counted. @default false */
  readonly lossAllowed?: boolean;
  /** Milliseconds from the death of a worker to its tasks running elsewhere. @default not checked */
  readonly recoveryWithinMs?: number;
  /** Bounds of the pause before each retry. @default not checked */
  readonly retryGap?: (retry: number) => RetryGap;
  /** Executions beyond one per task that the scenario itself causes, besides failed attempts and faults. @default 0 */
  readonly extraExecutions?: number;
  /** Rules whose alert must have fired and cleared once. No other may have rung. @default not checked */
  readonly alerts?: readonly string[];
  /** Keys that may be left. @default any */
  readonly keyAllowed?: (key: string) => boolean;
}

export type Invariant = "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "I8" | "I9" | "I10" | "I11" | "I12";

export interface Violation {
  readonly invariant: Invariant;
  readonly what: string;
  readonly id?: string;
}

export interface Verdict extends Accounts {
  readonly recoveries: readonly Recovery[];
  readonly violations: readonly Violation[];
}

/** Judges a finished scenario by the invariants of its history and of what the queue holds at the end. */
export function checkHistory(
  events: readonly HistoryEvent[],
  final: FinalState,
  expectations: Expectations = {},
): Verdict {
  const accounts = account(events, final);
  return {
    ...accounts,
    recoveries: recoveries(events),
    violations: [
      ...checkFinalStates(accounts, final, expectations),
      ...checkFencing(events),
      ...checkExecutions(events, accounts, expectations),
      ...checkRecovery(events, final, expectations),
      ...checkRetryGaps(events, expectations),
      ...checkAlerts(events, expectations),
      ...checkProcesses(events),
    ],
  };
}
