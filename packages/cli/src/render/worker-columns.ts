import type { WorkerRecord, WorkerState } from "@imgq/registry";
import { formatBytes, formatCount, formatDuration } from "../terminal/format.ts";
import type { Tone } from "../terminal/paint.ts";
import type { Column } from "../terminal/table.ts";

export function toneOfWorker(state: WorkerState): Tone | undefined {
  switch (state) {
    case "running":
      return "good";
    case "lagging":
    case "quiet":
    case "draining":
    case "starting":
      return "warning";
    case "wedged":
    case "dead":
      return "bad";
    case "stopped":
      return "faint";
    default:
      return state satisfies never;
  }
}

/** `2/4`: busy slots of all. */
export function slotsOf(worker: WorkerRecord): string {
  return `${worker.vitals?.busySlots ?? 0}/${worker.vitals?.slots ?? worker.metadata.concurrency}`;
}

/** The age of the last beat while it counts, else how the worker ended. */
export function beatOf(worker: WorkerRecord): string {
  return worker.end?.reason ?? `${formatDuration(worker.timeSinceHeartbeatMs)} ago`;
}

/** The columns of a list of workers. */
export const workerColumns: readonly Column<WorkerRecord>[] = [
  { title: "ID", text: (worker) => worker.id },
  { title: "STATE", text: (worker) => worker.state, tone: (worker) => toneOfWorker(worker.state) },
  { title: "SLOTS", text: slotsOf, align: "right" },
  { title: "DONE", text: (worker) => formatCount(worker.vitals?.totals.completed ?? 0), align: "right" },
  { title: "FAILED", text: (worker) => formatCount(worker.vitals?.totals.failed ?? 0), align: "right" },
  {
    title: "/MIN",
    text: (worker) => formatCount(Math.round(worker.vitals?.tasksPerMinute ?? 0)),
    align: "right",
  },
  { title: "CPU", text: (worker) => `${Math.round(worker.vitals?.cpuPercent ?? 0)} %`, align: "right" },
  { title: "MEMORY", text: (worker) => formatBytes(worker.vitals?.memory.rssBytes ?? 0), align: "right" },
  { title: "BEAT", text: beatOf, flexible: true },
];
