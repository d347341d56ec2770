import { InvalidOptionError } from "@imgq/core";
import type { Broker } from "./broker.ts";
import { checkTaskId } from "./identifiers.ts";
import type { RedriveOptions } from "./queue.ts";
import type { DeadReason } from "./task.ts";

const BATCH = 200;

/** Moves dead tasks back to pending, in batches, spread over time when a rate is given. Returns how many. */
export async function redriveDead(
  broker: Broker,
  which: readonly string[] | { readonly reason: DeadReason } | "all",
  options: RedriveOptions,
): Promise<number> {
  const gapMs = gapOf(options.ratePerSecond);
  let moved = 0;
  for await (const ids of batches(broker, which)) {
    if (options.dryRun === true) {
      const states = await broker.states(ids);
      moved += states.filter((state) => state === "dead").length;
      continue;
    }
    const start = moved;
    moved += await broker.redrive(
      ids.map((id, index) => ({ id, delayMs: Math.round((start + index) * gapMs) })),
    );
  }
  return moved;
}

/** All ids are collected before the first one moves: a task that dies again meanwhile is not redriven for ever. */
async function* batches(
  broker: Broker,
  which: readonly string[] | { readonly reason: DeadReason } | "all",
): AsyncGenerator<string[]> {
  const ids = isList(which) ? [...new Set(which.map(checkTaskId))] : await deadIds(broker, which);
  for (let start = 0; start < ids.length; start += BATCH) yield ids.slice(start, start + BATCH);
}

async function deadIds(broker: Broker, which: { readonly reason: DeadReason } | "all"): Promise<string[]> {
  const reason = which === "all" ? undefined : which.reason;
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await broker.deadIds(reason, { limit: 1000, ...(after === undefined ? {} : { after }) });
    ids.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  // Pages are newest first; the oldest waited longest and go first.
  return ids.toReversed();
}

function gapOf(ratePerSecond: number | undefined): number {
  if (ratePerSecond === undefined) return 0;
  if (ratePerSecond > 0 && Number.isFinite(ratePerSecond)) return 1000 / ratePerSecond;
  throw new InvalidOptionError("ratePerSecond", "be above 0", ratePerSecond, "Leave it out for no limit.");
}

function isList(
  which: readonly string[] | { readonly reason: DeadReason } | "all",
): which is readonly string[] {
  return Array.isArray(which);
}
