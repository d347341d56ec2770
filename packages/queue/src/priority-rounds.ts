import { type Priority, priorities } from "./task.ts";

/** How often a waiting task of this priority may be passed over before it has its turn. */
const passesAllowed: Readonly<Record<Priority, number>> = { high: 0, normal: 8, low: 32 };

/** How often each priority was passed over since its last turn. */
export type Passes = Record<Priority, number>;

/**
 * The priority that has the next turn: the highest with tasks, except that one passed over often enough goes first, so
 * that a steady stream of high tasks does not starve the others. Undefined when nothing waits. Updates `passes`.
 * The same as `next_priority` in lua/claim.lua.
 */
export function nextPriority(waiting: (priority: Priority) => boolean, passes: Passes): Priority | undefined {
  const candidates = priorities.filter(waiting);
  const overdue = candidates.toReversed().find((one) => one !== "high" && passes[one] >= passesAllowed[one]);
  const chosen = overdue ?? candidates[0];
  if (chosen === undefined) return undefined;
  for (const other of candidates.slice(candidates.indexOf(chosen) + 1)) passes[other] += 1;
  passes[chosen] = 0;
  return chosen;
}
