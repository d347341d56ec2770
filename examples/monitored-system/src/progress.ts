import type { TaskCounts } from "@imgq/queue";
import type { WorkerRecord } from "@imgq/registry";

export interface ProgressView {
  show(elapsedMs: number, counts: TaskCounts, workers: readonly WorkerRecord[]): void;
  /** Prints a line that stays. */
  say(line: string): void;
}

/** Redraws in place on a terminal; elsewhere prints a line when something has changed, one a second at most. */
export function createProgressView(out: NodeJS.WriteStream): ProgressView {
  return out.isTTY ? liveView(out) : lineView(out);
}

function liveView(out: NodeJS.WriteStream): ProgressView {
  let drawn = 0;
  const erase = (): void => {
    if (drawn > 0) out.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  return {
    show(elapsedMs, counts, workers) {
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
      const width = 30;
      const filled = total === 0 ? 0 : Math.round((counts.completed / total) * width);
      const bar = `${"█".repeat(filled)}${"░".repeat(width - filled)}`;
      const lines = [
        `  ${bar} ${counts.completed}/${total}  ${seconds(elapsedMs)}`,
        `  active workers ${workers.filter((worker) => worker.alive).length} · ${describe(counts)}`,
        ...workers.map((worker) => `  ${workerLine(worker)}`),
      ];
      erase();
      out.write(`${lines.join("\n")}\n`);
      drawn = lines.length;
    },
    say(line) {
      erase();
      out.write(`${line}\n`);
    },
  };
}

function lineView(out: NodeJS.WriteStream): ProgressView {
  let last = "";
  let printedMs = Number.NEGATIVE_INFINITY;
  return {
    show(elapsedMs, counts, workers) {
      const beats = workers
        .map((worker) => `${worker.id} ${seconds(worker.timeSinceHeartbeatMs)}`)
        .join(", ");
      const summary = `active workers ${workers.filter((worker) => worker.alive).length} │ ${describe(counts)}`;
      if (summary === last || elapsedMs - printedMs < 1000) return;
      last = summary;
      printedMs = elapsedMs;
      out.write(`  ${seconds(elapsedMs)} │ ${summary} │ last beats: ${beats}\n`);
    },
    say: (line) => void out.write(`${line}\n`),
  };
}

function describe(counts: TaskCounts): string {
  const { pending, scheduled, processing, completed, dead } = counts;
  return `pending ${pending + scheduled} · processing ${processing} · completed ${completed} · dead ${dead}`;
}

function workerLine(worker: WorkerRecord): string {
  const { id, state, timeSinceHeartbeatMs, vitals, metadata } = worker;
  const busy =
    vitals === undefined
      ? ""
      : `  busy ${vitals.busySlots}/${vitals.slots}  completed ${vitals.totals.completed}`;
  return `${id.padEnd(12)} ${state.padEnd(9)} pid ${metadata.pid}  last beat ${seconds(timeSinceHeartbeatMs)} ago${busy}`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
