import type { MemoryTask } from "./memory-task.ts";

/** The first to become due first; those of one millisecond by their ids, as Redis sorts them. */
export function byDue(a: MemoryTask, b: MemoryTask): number {
  return a.dueAt - b.dueAt || byId(a, b);
}

/** The first to have ended first; those of one millisecond by their ids. */
export function byEnd(a: MemoryTask, b: MemoryTask): number {
  return (a.finishedAt ?? 0) - (b.finishedAt ?? 0) || byId(a, b);
}

function byId(a: MemoryTask, b: MemoryTask): number {
  return a.id < b.id ? -1 : 1;
}
