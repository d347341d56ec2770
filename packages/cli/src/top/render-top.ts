import type { QueueSnapshot } from "@imgq/monitor";
import { renderTask } from "../render/render-task.ts";
import { renderWorker } from "../render/render-worker.ts";
import { groupColumns } from "../render/group-columns.ts";
import { taskColumns, toneOfState } from "../render/task-columns.ts";
import { workerColumns } from "../render/worker-columns.ts";
import { formatAmount, formatCount, formatDuration, formatInstant } from "../terminal/format.ts";
import { createPaint, type Paint } from "../terminal/paint.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import { displayWidth, pad, truncate, wrap } from "../terminal/width.ts";
import { sparkline } from "./sparkline.ts";
import { listedWorkers, type TopData } from "./top-data.ts";
import { type TopState, type View, views } from "./top-state.ts";
import { taskStates } from "../vocabulary.ts";

export interface TopSize {
  readonly columns: number;
  readonly rows: number;
}

const viewTitles: Readonly<Record<View, string>> = {
  overview: "Overview",
  workers: "Workers",
  tasks: "Tasks",
  dead: "Dead letters",
};

const viewKeys: Readonly<Record<View, string>> = {
  overview: "p pause or resume",
  workers: "⏎ look · z quiet · r resume · s stop",
  tasks: "⏎ look · f filter · c cancel",
  dead: "⏎ open · r redrive · R redrive all · d remove",
};
const groupKeys = "⏎ look · r redrive · d remove · esc back";

/** The whole screen as lines, one for each row of it. Pure, so that it can be tested without a terminal. */
export function renderTop(state: TopState, data: TopData | undefined, size: TopSize, paint: Paint): string[] {
  const head = [titleLine(data, size, paint), tabs(state, data, size, paint), ""];
  const foot = [footLine(state, size, paint)];
  const room = Math.max(0, size.rows - head.length - foot.length);
  const body = state.help
    ? helpLines(paint)
    : data === undefined
      ? ["Looking …"]
      : bodyLines(state, data, room, size, paint);
  const filled = [
    ...body.slice(0, room),
    ...Array.from({ length: Math.max(0, room - body.length) }, () => ""),
  ];
  return [...head, ...filled, ...foot];
}

function titleLine(data: TopData | undefined, { columns }: TopSize, paint: Paint): string {
  const queue = data?.snapshot.queues[0];
  const others = Math.max(0, (data?.snapshot.queues.length ?? 0) - 1);
  const more = others === 0 ? "" : ` and ${formatAmount(others, "queue")} more (n)`;
  const name = queue === undefined ? "imgq" : `imgq  ${queue.name}${more}`;
  const redis = data?.snapshot.redis;
  if (redis?.reachable === false) {
    const text = `${name}  Redis is unreachable since ${formatInstant(redis.since)}: ${redis.error.message}`;
    return paint("bad", truncate(text, columns));
  }
  const status = queue === undefined ? "" : queue.paused ? "paused" : "running";
  const right = [
    redis === undefined ? "" : `${redis.server} ${redis.version} ${redis.roundTripMs.toFixed(1)} ms`,
    clock(data),
  ]
    .filter((part) => part !== "")
    .join("  ");
  const gap = columns - displayWidth(`${name}  ${status}`) - displayWidth(right);
  const left = `${paint("strong", name)}  ${paint(queue?.paused === true ? "warning" : "good", status)}`;
  return gap > 0 ? `${left}${" ".repeat(gap)}${paint("faint", right)}` : left;
}

function clock(data: TopData | undefined): string {
  return data === undefined ? "" : formatInstant(data.snapshot.at).slice(11);
}

function tabs(state: TopState, data: TopData | undefined, { columns }: TopSize, paint: Paint): string {
  const dead = data?.snapshot.queues[0]?.counts.dead ?? 0;
  const alive = data?.snapshot.workers.alive ?? 0;
  const counts: Readonly<Record<View, string>> = {
    overview: "",
    workers: ` ${alive}`,
    tasks: state.view === "tasks" && state.filter !== "all" ? ` ${state.filter}` : "",
    dead: dead === 0 ? "" : ` ${formatCount(dead)}`,
  };
  let width = 0;
  let line = "";
  for (const [index, view] of views.entries()) {
    const label = ` ${index + 1} ${viewTitles[view]}${counts[view]} `;
    width += displayWidth(label) + 1;
    if (width > columns) break;
    line += `${view === state.view ? paint("selected", label) : paint(view === "dead" && dead > 0 ? "bad" : "faint", label)} `;
  }
  return line;
}

function bodyLines(state: TopState, data: TopData, room: number, size: TopSize, paint: Paint): string[] {
  if (state.detail !== undefined) return detailLines(state.detail, data, size, paint);
  switch (state.view) {
    case "overview":
      return overviewLines(data, room, size, paint);
    case "workers":
      return listLines(
        listedWorkers(data),
        workerColumns,
        state,
        room,
        size,
        paint,
        "No workers. Start one: imgq worker",
      );
    case "tasks":
      return listLines(data.tasks, taskColumns(data.snapshot.at), state, room, size, paint, "No tasks here.");
    case "dead":
      return state.group === undefined
        ? listLines(data.groups, groupColumns(data.snapshot.at), state, room, size, paint, "No dead letters.")
        : listLines(
            data.tasks,
            taskColumns(data.snapshot.at),
            state,
            room,
            size,
            paint,
            "None with this cause are left; esc goes back.",
          );
    default:
      return state.view satisfies never;
  }
}

/** The part of a list around its marked row. */
function listLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  state: TopState,
  room: number,
  size: TopSize,
  paint: Paint,
  nothing: string,
): string[] {
  if (rows.length === 0) return [paint("faint", nothing)];
  const visible = Math.max(1, room - 1);
  const selected = Math.min(state.selected[state.view], rows.length - 1);
  const first = Math.max(0, Math.min(selected - Math.floor(visible / 2), rows.length - visible));
  const shown = rows.slice(first, first + visible);
  return renderTable(shown, columns, { paint, width: size.columns, selected: selected - first }).split("\n");
}

/** Without colours, so that long lines can be continued on the next one: here everything is to be read. */
function detailLines(
  detail: NonNullable<TopState["detail"]>,
  data: TopData,
  { columns }: TopSize,
  paint: Paint,
): string[] {
  const options = { paint: createPaint(false), width: undefined };
  if (detail.type === "task") {
    if (data.task?.id !== detail.id) return [paint("faint", `Task ${detail.id} is not there.`)];
    return wrap(renderTask(data.task, options), columns);
  }
  const worker = data.snapshot.workers.list.find(({ id }) => id === detail.id);
  if (worker === undefined) return [paint("faint", `Worker ${detail.id} is not there.`)];
  return wrap(renderWorker(worker, options), columns);
}

function overviewLines(data: TopData, room: number, size: TopSize, paint: Paint): string[] {
  const [queue] = data.snapshot.queues;
  const numbers =
    queue === undefined
      ? [paint("warning", "The queue could not be read yet.")]
      : queueLines(queue, data, size, paint);
  const workers = listedWorkers(data);
  const left = room - numbers.length - 1;
  if (left < 3) return numbers;
  const table =
    workers.length === 0
      ? [paint("warning", "No workers. Start one: imgq worker")]
      : renderTable(workers.slice(0, left - 1), workerColumns, { paint, width: size.columns }).split("\n");
  return [...numbers, "", ...table];
}

function queueLines(queue: QueueSnapshot, data: TopData, { columns }: TopSize, paint: Paint): string[] {
  const { counts, recent } = queue;
  const cells = taskStates.map((state) => {
    const tone = counts[state] === 0 ? "faint" : (toneOfState(state) ?? "strong");
    return { width: Math.max(state.length, formatCount(counts[state]).length), state, tone } as const;
  });
  const fitting = cells.filter(
    (_cell, index) => cells.slice(0, index + 1).reduce((sum, { width }) => sum + width + 3, 0) <= columns,
  );
  const line = (name: string, text: string): string =>
    `${paint("faint", pad(name, 12))}${truncate(text, columns - 12)}`;
  const eta =
    queue.backlog === 0
      ? ""
      : queue.etaMs === undefined
        ? ""
        : ` · backlog done in ${formatDuration(queue.etaMs)}`;
  return [
    fitting.map(({ state, width }) => paint("faint", pad(state, width))).join("   "),
    fitting.map(({ state, width, tone }) => paint(tone, pad(formatCount(counts[state]), width))).join("   "),
    "",
    line(
      "throughput",
      `${formatCount(perMinuteNow(data))} a minute now, ${formatCount(Math.round(recent.completedPerMinute))} lately${eta}`,
    ),
    `${pad("", 12)}${paint("accent", sparkline(data.throughput, Math.max(0, Math.min(60, columns - 12))))}`,
    line(
      "failed",
      `${(recent.failureRate * 100).toFixed(1)} % of attempts · ${formatCount(queue.totals.retried)} retried · ${formatCount(queue.totals.leaseLost)} leases lost`,
    ),
    line("wait", percentiles(recent.wait, queue.oldestPendingAgeMs)),
    line("run", percentiles(recent.run, 0)),
    line(
      "slots",
      `${data.snapshot.workers.busySlots} of ${data.snapshot.workers.slots} busy on ${formatAmount(data.snapshot.workers.alive, "worker")}`,
    ),
  ];
}

/** By the last looks, where `recent` is by the last minutes. */
function perMinuteNow({ throughput }: TopData): number {
  const last = throughput.slice(-10);
  return last.length === 0 ? 0 : Math.round((last.reduce((sum, one) => sum + one, 0) / last.length) * 60);
}

function percentiles({ p50, p95, p99 }: QueueSnapshot["recent"]["wait"], oldestMs: number): string {
  const one = (value: number | undefined): string => (value === undefined ? "–" : formatDuration(value));
  const oldest = oldestMs === 0 ? "" : ` · oldest pending ${formatDuration(oldestMs)}`;
  return `p50 ${one(p50)} · p95 ${one(p95)} · p99 ${one(p99)}${oldest}`;
}

function footLine(state: TopState, { columns }: TopSize, paint: Paint): string {
  if (state.question !== undefined) return paint("warning", truncate(`${state.question.text} y/n`, columns));
  if (state.notice !== undefined)
    return paint(state.notice.bad ? "bad" : "good", truncate(state.notice.text, columns));
  const ofView = state.group === undefined ? viewKeys[state.view] : groupKeys;
  const keys = state.detail === undefined ? `${ofView} · tab next · ? help · q quit` : "esc back · q back";
  return paint("faint", truncate(keys, columns));
}

function helpLines(paint: Paint): string[] {
  const keys: readonly (readonly [string, string])[] = [
    ["1 2 3 4, tab", "overview, workers, tasks, dead letters"],
    ["↑ ↓, j k", "move; page up and down, home, end"],
    ["⏎", "look closely; esc goes back"],
    ["n", "next queue, when there are several"],
    ["p", "overview: pause the queue, or let it run again"],
    ["z r s", "workers: quiet, resume, stop"],
    ["f c", "tasks: which states to list; cancel"],
    ["r R d", "dead letters: redrive a cause or one task, redrive all, remove"],
    ["ctrl-l", "look again now"],
    ["q, ctrl-c", "quit"],
  ];
  return [
    "Keys",
    "",
    ...keys.map(([key, meaning]) => `  ${paint("accent", pad(key, 14))}${meaning}`),
    "",
    paint("faint", "Any key closes this."),
  ];
}
