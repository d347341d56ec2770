import type { FinalState } from "./check-history.ts";
import type { HistoryEvent } from "./history-event.ts";

/** A scenario in numbers, each with the ids behind it where that helps. */
export interface Accounts {
  /** Adds that were asked for. */
  readonly attempts: number;
  /** Adds that returned. */
  readonly acknowledged: number;
  /** Acknowledged, but not in the queue in a final state. */
  readonly lost: readonly string[];
  /** In the queue, but never asked for. */
  readonly unexpected: readonly string[];
  /** With more than one accepted result. */
  readonly duplicated: readonly string[];
  /** Adds that failed or never answered, and whose task was stored all the same. */
  readonly recovered: readonly string[];
  /** Handlers started. */
  readonly executions: number;
  /** Results that the queue refused because the lease was lost. */
  readonly refused: number;
}

const finalStates: ReadonlySet<string> = new Set(["completed", "dead", "cancelled"]);

export function account(events: readonly HistoryEvent[], final: FinalState): Accounts {
  const invoked = new Set<string>();
  const acknowledged = new Set<string>();
  const accepted = new Map<string, Set<string>>();
  let executions = 0;
  let refused = 0;
  for (const event of events) {
    if (event.kind === "add" && event.phase === "invoked") invoked.add(event.id);
    if (event.kind === "add" && event.phase === "acknowledged") acknowledged.add(event.id);
    if (event.kind === "run" && event.phase === "started") executions += 1;
    if (event.kind !== "settle") continue;
    if (event.reply === "lease-lost") refused += 1;
    if (event.how === "complete" && event.reply === "ok") {
      accepted.set(event.id, (accepted.get(event.id) ?? new Set()).add(event.token));
    }
  }
  const settled = (id: string): boolean => finalStates.has(final.tasks.get(id)?.state ?? "");
  return {
    attempts: invoked.size,
    acknowledged: acknowledged.size,
    lost: [...acknowledged].filter((id) => !settled(id)),
    unexpected: [...final.tasks.keys()].filter((id) => !invoked.has(id)),
    duplicated: [...accepted].filter(([, tokens]) => tokens.size > 1).map(([id]) => id),
    recovered: [...invoked].filter((id) => !acknowledged.has(id) && final.tasks.has(id)),
    executions,
    refused,
  };
}
