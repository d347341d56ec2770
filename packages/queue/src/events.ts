import type { TaskState } from "./task.ts";

/** Something happened to a task. Carries no payload, so a stream of events costs little and leaks nothing. */
export interface TaskEvent {
  /** Position in the stream; later events compare greater. */
  readonly position: string;
  readonly type:
    | "added"
    | "claimed"
    | "completed"
    | "retried"
    | "dead"
    | "released"
    | "recovered"
    | "cancelled"
    | "redriven";
  readonly id: string;
  readonly state: TaskState;
  readonly attempt: number;
  readonly worker?: string;
  /** Milliseconds since 1970 by Redis' clock. */
  readonly at: number;
}
