import { machineSentence } from "../report/machine.ts";
import type { ResultsHeader } from "../report/results-file.ts";
import { medianRatio, type Summary } from "../report/statistics.ts";
import { figure as shown, table } from "../report/table.ts";
import type { Figure } from "./measure.ts";

export interface QueueResults extends ResultsHeader {
  readonly redis: string;
  readonly repetitions: number;
  readonly warmUpMs: number;
  readonly peers: readonly {
    readonly name: string;
    readonly version: string;
    readonly configuration: string;
  }[];
  readonly figures: readonly (Figure & { readonly values: Readonly<Record<string, Summary>> })[];
}

const ours = "imgq";
const reference = "bullmq";

export function printSummary(results: QueueResults): void {
  console.log(figuresTable(results, false));
}

/** The section of docs/benchmarks.md. */
export function sectionOf(results: QueueResults): string {
  return `## The queue

Tasks of 330 bytes and a handler that does nothing, on one redis-server ${results.redis} without persistence, all in one run on
${machineSentence(results.machine)} ${results.startedAt.slice(0, 10)}, ${results.mode} mode, ${results.repetitions} interleaved repetitions after ${results.warmUpMs / 1000} s or more of work by each that is not counted:
median (min–max). The ratio is the median of imgq ÷ ${reference} over the repetitions.

${figuresTable(results, true)}

Each peer in the fastest configuration its documentation offers for this work:

${results.peers.map((peer) => `- **${peer.name} ${peer.version}**: ${peer.configuration}`).join("\n")}
`;
}

function figuresTable(results: QueueResults, ranges: boolean): string {
  const names = results.peers.map((peer) => peer.name);
  const head = ["", "unit", ...names, `${ours} ÷ ${reference}`, "target"];
  const rows = results.figures.map((figure) => [
    figure.title,
    figure.unit,
    ...names.map((name) => cell(figure.values[name], ranges)),
    ratioCell(figure),
    targetCell(figure),
  ]);
  return table(head, rows);
}

function cell(summary: Summary | undefined, ranges: boolean): string {
  if (summary === undefined) return "–";
  const { median, min, max } = summary;
  return ranges && min !== max ? `${shown(median)} (${shown(min)}–${shown(max)})` : shown(median);
}

function ratioCell(figure: QueueResults["figures"][number]): string {
  const mine = figure.values[ours];
  const theirs = figure.values[reference];
  const comparable = figure.target === undefined || "ratio" in figure.target;
  if (mine === undefined || theirs === undefined || !comparable || figure.unit === "") return "";
  return `${shown(medianRatio(mine.samples, theirs.samples))} ×`;
}

function targetCell(figure: Figure): string {
  if (figure.target === undefined) return "";
  const sign = figure.better === "higher" ? "≥" : "≤";
  return "ratio" in figure.target
    ? `${sign} ${shown(figure.target.ratio)} ×`
    : `${sign} ${shown(figure.target.value)}`;
}
