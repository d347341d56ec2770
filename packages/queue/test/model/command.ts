import fc from "fast-check";
import { deadReasons, priorities } from "../../src/index.ts";

/** Few ids and workers, so that commands meet the same ones again and again. */
export const taskIds = ["a", "b", "c", "d", "e", "f"] as const;
export const workerIds = ["w1", "w2", "w3"] as const;

const id = fc.constantFrom(...taskIds);
const worker = fc.constantFrom(...workerIds);
/** Which of the claims made so far, stale ones included; counted from the latest, where it is most interesting. */
const claimIndex = fc.nat({ max: 6 });
const leaseMs = fc.constantFrom(1000, 4000);
const delayMs = fc.constantFrom(0, 0, 0, 1500);

const add = fc.record({
  do: fc.constant("add" as const),
  id,
  delayMs,
  priority: fc.constantFrom(...priorities),
  maxRetries: fc.nat({ max: 2 }),
  timeoutMs: fc.constantFrom(2000, 300_000),
  dedupe: fc.constantFrom(undefined, undefined, undefined, "same"),
});

const commands = {
  add,
  addMany: fc.record({
    do: fc.constant("addMany" as const),
    tasks: fc.array(add, { minLength: 1, maxLength: 4 }),
  }),
  claim: fc.record({
    do: fc.constant("claim" as const),
    worker,
    limit: fc.integer({ min: 1, max: 3 }),
    ahead: fc.nat({ max: 4 }),
    leaseMs,
  }),
  complete: fc.record({ do: fc.constant("complete" as const), claimIndex }),
  fail: fc.record({
    do: fc.constant("fail" as const),
    claimIndex,
    outcome: fc.constantFrom("failed" as const, "timeout" as const),
    deadReason: fc.constantFrom(
      undefined,
      undefined,
      undefined,
      "unrecoverable" as const,
      "invalid-input" as const,
    ),
  }),
  release: fc.record({ do: fc.constant("release" as const), claimIndex, delayMs }),
  progress: fc.record({ do: fc.constant("progress" as const), claimIndex, percent: fc.nat({ max: 100 }) }),
  /** The end of one task and the claim of the next in one tick, which the queue makes one call of. */
  completeAndClaim: fc.record({ do: fc.constant("completeAndClaim" as const), claimIndex, worker }),
  beat: fc.record({ do: fc.constant("beat" as const), worker, leaseMs }),
  workerLost: fc.record({ do: fc.constant("workerLost" as const), worker }),
  workerLeft: fc.record({ do: fc.constant("workerLeft" as const), worker }),
  recover: fc.record({ do: fc.constant("recover" as const) }),
  advance: fc.record({
    do: fc.constant("advance" as const),
    ms: fc.constantFrom(1, 500, 1000, 1001, 2000, 4000, 4001, 12_000, 40_000),
  }),
  cancel: fc.record({ do: fc.constant("cancel" as const), id }),
  redrive: fc.record({
    do: fc.constant("redrive" as const),
    which: fc.oneof(
      fc.constant("all" as const),
      fc.record({ reason: fc.constantFrom(...deadReasons) }),
      fc.array(id, { minLength: 1, maxLength: 3 }),
    ),
    ratePerSecond: fc.constantFrom(undefined, undefined, 1),
  }),
  purge: fc.record({
    do: fc.constant("purge" as const),
    state: fc.constantFrom(...(["scheduled", "pending", "completed", "dead", "cancelled"] as const)),
    olderThanMs: fc.constantFrom(0, 0, 5000),
  }),
  pause: fc.record({ do: fc.constant("pause" as const) }),
  resume: fc.record({ do: fc.constant("resume" as const) }),
  /** Redis forgets its scripts, as after a restart or a failover. */
  scriptFlush: fc.record({ do: fc.constant("scriptFlush" as const) }),
  /** What the last command sent reaches Redis once more, as when its reply was lost and the client sent it again. */
  replay: fc.record({ do: fc.constant("replay" as const) }),
};

type Values<T> = T extends fc.Arbitrary<infer V> ? V : never;

export type Command = Values<(typeof commands)[keyof typeof commands]>;

/** How often each kind comes up beside the others. */
const weights: Record<keyof typeof commands, number> = {
  add: 8,
  addMany: 3,
  claim: 12,
  complete: 8,
  fail: 9,
  release: 4,
  progress: 2,
  completeAndClaim: 4,
  beat: 7,
  workerLost: 2,
  workerLeft: 1,
  recover: 7,
  advance: 10,
  cancel: 4,
  redrive: 4,
  purge: 2,
  pause: 1,
  resume: 2,
  scriptFlush: 2,
  replay: 8,
};

/** Sequences of `length` commands in the mean, 1 to twice as many; shrinking drops what a failure does not need. */
export function commandSequences(length: number): fc.Arbitrary<Command[]> {
  const entries = Object.entries(commands) as [keyof typeof commands, fc.Arbitrary<Command>][];
  const weighted = entries.map(([name, arbitrary]) => ({ arbitrary, weight: weights[name] }));
  return fc.array(fc.oneof(...weighted), { minLength: 1, maxLength: 2 * length - 1, size: "max" });
}
