import { InvalidOptionError } from "@imgq/core";
import { priorities, type Priority } from "./task.ts";

const queueName = /^[A-Za-z0-9._-]{1,64}$/;
const taskId = /^[A-Za-z0-9._:-]{1,128}$/;
const workerId = /^[A-Za-z0-9._:@-]{1,128}$/;

/** What the other packages keep under the same prefix: a queue of that name would share their keys. */
const reservedNames: readonly string[] = ["registry", "alerts", "queues"];

/** Rejects names that would split a Redis key or its hash tag, and those under which other parts of imgq keep theirs. */
export function checkQueueName(name: unknown, option = "name"): string {
  if (typeof name === "string" && reservedNames.includes(name)) {
    throw new InvalidOptionError(
      option,
      `be none of ${reservedNames.join(", ")}, which imgq keeps for itself`,
      name,
      `Example: "${name}-tasks".`,
    );
  }
  if (typeof name === "string" && queueName.test(name)) return name;
  throw new InvalidOptionError(
    option,
    "be 1 to 64 of A–Z a–z 0–9 . _ -",
    name,
    'Example: "images" or "images.thumbnails".',
  );
}

/** Ids come from outside and become part of a key: only harmless characters, never a space, brace or line break. */
export function checkTaskId(id: unknown): string {
  if (isTaskId(id)) return id;
  throw new InvalidOptionError(
    "id",
    "be 1 to 128 of A–Z a–z 0–9 . _ : -",
    id,
    "Leave it out for a random one, or hash what you have.",
  );
}

function isTaskId(id: unknown): id is string {
  return typeof id === "string" && taskId.test(id);
}

export function checkWorkerId(worker: unknown): string {
  if (typeof worker === "string" && workerId.test(worker)) return worker;
  throw new InvalidOptionError(
    "worker",
    "be 1 to 128 of A–Z a–z 0–9 . _ : @ -",
    worker,
    "Host name, process id and a few random characters make a good one.",
  );
}

/** A whole number between `least` and `most`, or an error that names the option and its unit. */
export function checkWhole(option: string, value: unknown, least: number, most: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new InvalidOptionError(
    option,
    `be a whole number from ${least} to ${most}`,
    value,
    option.endsWith("Ms") ? "It is in milliseconds." : "Leave it out for the default.",
  );
}

export function checkPriority(value: unknown): Priority {
  const known = priorities.find((priority) => priority === value);
  if (known !== undefined) return known;
  throw new InvalidOptionError(
    "priority",
    `be one of ${priorities.join(", ")}`,
    value,
    "Leave it out for normal.",
  );
}

/** A short text of the caller's own, or undefined. */
export function checkText(option: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value.length > 0 && value.length <= 512) return value;
  throw new InvalidOptionError(option, "be a text of 1 to 512 characters", value, "Hash what is longer.");
}

const traceparent = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

export function isTrace(text: unknown): text is string {
  return typeof text === "string" && traceparent.test(text);
}

export function checkTrace(trace: unknown): string {
  if (isTrace(trace)) return trace;
  throw new InvalidOptionError(
    "trace",
    "be a W3C traceparent",
    trace,
    "Example: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.",
  );
}
