import type { Accounts } from "./account.ts";
import type { Expectations, FinalState, Violation } from "./check-history.ts";

/** I1, I2, I5 and I6: what the queue holds at the end is what it was given, each thing once. */
export function checkFinalStates(
  accounts: Accounts,
  final: FinalState,
  expectations: Expectations,
): Violation[] {
  const violations: Violation[] = [];
  if (expectations.lossAllowed !== true) {
    for (const id of accounts.lost) violations.push({ invariant: "I1", id, what: stateOf(final, id) });
  }
  for (const id of accounts.unexpected) {
    violations.push({ invariant: "I1", id, what: "is in the queue, but was never added" });
  }
  for (const state of ["scheduled", "pending", "processing"] as const) {
    const left = final.counts[state];
    if (left !== 0) violations.push({ invariant: "I1", what: `${left} tasks are still ${state}` });
  }
  // A Redis that lost its data may have lost an accepted result too, and then rightly accepts another.
  for (const id of expectations.lossAllowed === true ? [] : accounts.duplicated) {
    violations.push({ invariant: "I2", id, what: "has more than one accepted result" });
  }
  violations.push(...checkDead(final, expectations));
  for (const key of final.keys) {
    if (expectations.keyAllowed?.(key) === false) {
      violations.push({ invariant: "I6", what: `the key ${key} is left` });
    }
  }
  return violations;
}

function checkDead(final: FinalState, expectations: Expectations): Violation[] {
  const expected = expectations.dead ?? new Map<string, string>();
  const violations: Violation[] = [];
  for (const task of final.tasks.values()) {
    const reason = expected.get(task.id);
    if (task.state === "dead" && reason === undefined) {
      violations.push({
        invariant: "I5",
        id: task.id,
        what: `is an innocent among the dead: ${task.deadReason}, ${task.lastError?.message ?? "no error"}`,
      });
    }
    if (reason !== undefined && (task.state !== "dead" || task.deadReason !== reason)) {
      const found = task.state === "dead" ? `dead of ${task.deadReason}` : task.state;
      violations.push({ invariant: "I5", id: task.id, what: `should be dead of ${reason}, but is ${found}` });
    }
  }
  return violations;
}

function stateOf(final: FinalState, id: string): string {
  const task = final.tasks.get(id);
  return task === undefined
    ? "was acknowledged, but is gone"
    : `was acknowledged, but is still ${task.state} (attempt ${task.attempt}, worker ${task.worker ?? "none"})`;
}
