import type { ChildReport } from "./child-messages.ts";

export interface ChildLimits {
  readonly recycleAboveBytes: number;
  readonly recycleAfterTasks: number;
  /** Milliseconds that a handler may go on after it was given up, and a blocked main loop after its tasks' timeout. */
  readonly hardDeadlineMs: number;
  /** Milliseconds a blocked main loop is left alone, whatever its tasks' timeouts. */
  readonly wedgedAfterMs: number;
}

/** What to do with a child: nothing, stop it gracefully and start another, or kill it. */
export type ChildVerdict =
  | { readonly act: "keep" }
  | { readonly act: "recycle"; readonly reason: string }
  | { readonly act: "kill"; readonly reason: string };

/**
 * Judges a child by its last report and its age. A handler that hangs in a native call cannot be ended but with its
 * process, whose other tasks get the time to finish or go back. A main loop that is blocked cannot even be asked.
 */
export function judgeChild(report: ChildReport, ageMs: number, limits: ChildLimits): ChildVerdict {
  const patienceMs = Math.max(report.longestTimeoutMs, limits.wedgedAfterMs) + limits.hardDeadlineMs;
  if (ageMs > patienceMs) return { act: "kill", reason: `main loop blocked for ${seconds(ageMs)} s` };
  if (report.hangingMs > limits.hardDeadlineMs) {
    return {
      act: "recycle",
      reason: `a handler goes on for ${seconds(report.hangingMs)} s after it was given up`,
    };
  }
  if (report.rssBytes > limits.recycleAboveBytes) {
    return { act: "recycle", reason: `memory: ${Math.round(report.rssBytes / 2 ** 20)} MiB` };
  }
  if (report.finished >= limits.recycleAfterTasks) {
    return { act: "recycle", reason: `${report.finished} tasks done` };
  }
  return { act: "keep" };
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
