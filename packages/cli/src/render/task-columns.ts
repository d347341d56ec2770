import { show } from "@imgq/core";
import type { Task, TaskState } from "@imgq/queue";
import { formatDuration } from "../terminal/format.ts";
import type { Tone } from "../terminal/paint.ts";
import type { Column } from "../terminal/table.ts";

/** What a task is about, in a few words: the picture of an image task, else its payload. */
export function subjectOf(task: Pick<Task, "payload">): string {
  const { payload } = task;
  if (payload instanceof Object && "input" in payload && typeof payload.input === "string")
    return payload.input;
  return show(payload);
}

export function toneOfState(state: TaskState): Tone | undefined {
  switch (state) {
    case "completed":
      return "good";
    case "dead":
      return "bad";
    case "processing":
      return "accent";
    case "cancelled":
      return "faint";
    case "pending":
    case "scheduled":
      return undefined;
    default:
      return state satisfies never;
  }
}

/** `2/4`: executions begun, of those allowed. */
export function attemptsOf(task: Pick<Task, "attempt" | "maxRetries">): string {
  return `${task.attempt}/${task.maxRetries + 1}`;
}

/** How long ago the last thing happened to it, or how long until the next one does. */
export function whenOf(task: Task, now: number): string {
  if (task.state === "scheduled" && task.dueAt !== undefined) return `in ${formatDuration(task.dueAt - now)}`;
  const since = task.finishedAt ?? (task.state === "processing" ? task.claimedAt : undefined) ?? task.addedAt;
  return `${formatDuration(Math.max(0, now - since))} ago`;
}

/** The beginning of a list of tasks: which task, and of which queue when it may be of several. */
export function nameColumns(ofSeveralQueues: boolean): readonly Column<Task>[] {
  const id: Column<Task> = { title: "ID", text: (task) => task.id };
  return ofSeveralQueues ? [{ title: "QUEUE", text: (task) => task.queue }, id] : [id];
}

/** The columns of a list of tasks. */
export function taskColumns(now: number, ofSeveralQueues = false): readonly Column<Task>[] {
  return [
    ...nameColumns(ofSeveralQueues),
    { title: "STATE", text: (task) => task.state, tone: (task) => toneOfState(task.state) },
    { title: "ATTEMPT", text: attemptsOf, align: "right" },
    { title: "WHEN", text: (task) => whenOf(task, now), align: "right" },
    { title: "TASK", text: subjectOf, flexible: true },
    { title: "LAST ERROR", text: (task) => task.lastError?.message ?? "", tone: () => "bad", flexible: true },
  ];
}
