import type { TaskState } from "./task.ts";

/** One arrow of the state diagram. `from` undefined: the task did not exist. `to` undefined: it exists no more. */
export interface Transition {
  readonly name: string;
  readonly from: TaskState | undefined;
  readonly to: TaskState | undefined;
  readonly when: string;
}

const arrow = (name: string, from: TaskState | undefined, to: TaskState | undefined, when: string) =>
  ({ name, from, to, when }) satisfies Transition;

/** Every way a task can move. docs/state-machine.md shows the same table, and a test compares the two. */
export const transitions: readonly Transition[] = [
  arrow("add", undefined, "pending", "no delay"),
  arrow("add", undefined, "scheduled", "with a delay"),
  arrow("promote", "scheduled", "pending", "due"),
  arrow("claim", "pending", "processing", "a worker has room"),
  arrow("claim", "pending", "dead", "its hash is malformed: `invalid-input`"),
  arrow("complete", "processing", "completed", "the token is current"),
  arrow("fail", "processing", "pending", "retries left, no backoff"),
  arrow("fail", "processing", "scheduled", "retries left, after the backoff"),
  arrow("fail", "processing", "dead", "no retries left, or the error forbids them"),
  arrow("fail", "processing", "cancelled", "cancellation was asked for"),
  arrow("release", "processing", "pending", "given back, the attempt not spent"),
  arrow("release", "processing", "scheduled", "given back for later"),
  arrow("release", "processing", "cancelled", "cancellation was asked for"),
  arrow(
    "recover",
    "processing",
    "pending",
    "its worker died or does not hold it, or its timeout passed long ago",
  ),
  arrow("recover", "processing", "scheduled", "its timeout passed long ago, after the backoff"),
  arrow("recover", "processing", "dead", "too many crashes, or no retries left after a timeout"),
  arrow("recover", "processing", "cancelled", "cancellation was asked for"),
  arrow("cancel", "pending", "cancelled", "at once"),
  arrow("cancel", "scheduled", "cancelled", "at once"),
  arrow("redrive", "dead", "pending", "no rate"),
  arrow("redrive", "dead", "scheduled", "spread by a rate"),
  arrow("expire", "completed", undefined, "more than retention keeps, or too old"),
  arrow("expire", "cancelled", undefined, "more than retention keeps, or too old"),
  arrow("purge", "pending", undefined, "asked for"),
  arrow("purge", "scheduled", undefined, "asked for"),
  arrow("purge", "completed", undefined, "asked for"),
  arrow("purge", "dead", undefined, "asked for"),
  arrow("purge", "cancelled", undefined, "asked for"),
];
