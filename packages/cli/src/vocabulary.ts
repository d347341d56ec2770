import type { DeadReason, Priority, TaskState } from "@imgq/queue";

// The words of @imgq/queue, written out: taking them from there would load a Redis client before it is known whether the
// command needs one. The types see to it that no word is wrong, and a test that none is missing.
export const taskStates = [
  "scheduled",
  "pending",
  "processing",
  "completed",
  "dead",
  "cancelled",
] as const satisfies readonly TaskState[];

export const priorities = ["high", "normal", "low"] as const satisfies readonly Priority[];

export const deadReasons = [
  "exhausted",
  "unrecoverable",
  "invalid-input",
  "timeout",
  "crash-loop",
  "cancelled",
] as const satisfies readonly DeadReason[];
