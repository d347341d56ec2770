import type { Queue } from "@imgq/queue";
import type { Registry } from "@imgq/registry";
import type { Logger } from "@imgq/core";
import type { Runnable } from "../run-until-signal.ts";
import type { ChildReport } from "./child-messages.ts";

export interface SupervisorOptions {
  /** The program that each child runs: it makes one worker and runs it until a signal. Or give `command`. */
  readonly modulePath?: string | URL;
  /** Arguments of the module. */
  readonly args?: readonly string[];
  /** Arguments of node itself. @default those of this process */
  readonly execArgv?: readonly string[];
  /** A command and its arguments, instead of `modulePath`. */
  readonly command?: readonly [string, ...string[]];
  /** Children at a time. @default processor cores */
  readonly processes?: number;
  /** Where the end of a child is told at once, so that its tasks need not wait for the lease. */
  readonly queue?: Queue;
  /** Where a child's end is recorded with its cause. */
  readonly registry?: Registry;
  /** Added to the environment of each child. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the ids of the workers begin with. @default "worker", the queue's name if there is one */
  readonly name?: string;
  /** Milliseconds that children have to finish their tasks when stopped or recycled. @default 30000 */
  readonly shutdownTimeoutMs?: number;
  /** Resident bytes above which a child is stopped gracefully and started afresh. @default none */
  readonly recycleAboveBytes?: number;
  /** Ended tasks after which a child is stopped gracefully and started afresh. @default none */
  readonly recycleAfterTasks?: number;
  /** Milliseconds that a native call may go on after its task was given up, or a blocked main loop after its tasks' timeout, before the process is ended for it. @default 10000 */
  readonly hardDeadlineMs?: number;
  /** Milliseconds without a report after which a child's main loop counts as wedged; it is still left its tasks' timeout. @default 30000 */
  readonly wedgedAfterMs?: number;
  /** How often in a row children may end before they ever work, until the supervisor gives up. @default 5 */
  readonly maxFailedStarts?: number;
  readonly log?: Logger;
}

export interface ChildStatus {
  readonly slot: number;
  readonly state: "running" | "stopping" | "waiting" | "stopped";
  readonly workerId: string;
  readonly pid?: number;
  readonly starts: number;
  /** What it said last, and how long ago. */
  readonly report?: ChildReport;
  readonly reportAgeMs?: number;
  readonly lastExit?: string;
}

/** What a supervisor tells its program. */
export interface SupervisorEvents {
  "child:started": { readonly slot: number; readonly workerId: string; readonly pid: number };
  "child:exited": {
    readonly slot: number;
    readonly workerId: string;
    readonly cause: string;
    readonly expected: boolean;
    /** Tasks it had in hand, which others run now. */
    readonly recovered: number;
  };
  "child:recycled": { readonly slot: number; readonly workerId: string; readonly reason: string };
}

/**
 * Keeps worker processes running. A child that ends is told to the queue at once, recorded in the registry with its
 * cause, and replaced, except by the command to stop: when the last one was told so, the supervisor ends too. One that grows too big, has done its number of tasks, or hangs in a native call is replaced
 * gracefully. Signals go through `stop`: gracefully first, at once when called again with `timeoutMs: 0`.
 */
export interface Supervisor extends Runnable {
  children(): readonly ChildStatus[];
  on<Name extends keyof SupervisorEvents>(
    name: Name,
    listener: (event: SupervisorEvents[Name]) => void,
  ): () => void;
}
