import {
  defaultSlots,
  tunedEnvironment,
  tunedMark,
  tunedOptions,
} from "../../packages/cli/src/tuned-environment.ts";
import { machineSentence } from "../report/machine.ts";
import type { ResultsHeader } from "../report/results-file.ts";
import { medianRatio, type Summary } from "../report/statistics.ts";
import { figure, table } from "../report/table.ts";
import type { Absent } from "./contestant.ts";
import { growthOf, type MemoryFigure } from "./memory.ts";
import type { PictureName } from "./pictures.ts";
import type { ProcessFigure } from "./process-cost.ts";
import type { FilterFigure } from "./single-filters.ts";
import { titleOf, type Work } from "./works.ts";

const settingsText = [
  ...Object.entries(tunedEnvironment({}, defaultSlots()))
    .filter(([name]) => name !== tunedMark)
    .map(([name, value]) => `\`${name}=${value}\``),
  ...tunedOptions.map((option) => `\`node ${option}\``),
].join(", ");

/** Milliseconds of one work on one picture, by contestant. */
export interface WorkFigure {
  readonly work: Work;
  readonly picture: PictureName;
  readonly threads: number;
  readonly values: Readonly<Record<string, Summary>>;
}

export interface ImageResults extends ResultsHeader {
  readonly repetitions: number;
  readonly contestants: readonly { readonly name: string; readonly version: string; readonly form: string }[];
  readonly absent: readonly Absent[];
  readonly figures: readonly WorkFigure[];
  readonly throughput: {
    readonly inFlight: number;
    readonly imgqPerSecond: Summary;
    readonly barePerSecond: Summary;
  };
  readonly processes: readonly ProcessFigure[];
  /** In full mode only. */
  readonly memory: MemoryFigure | undefined;
  /** In full mode only. */
  readonly filters: readonly FilterFigure[] | undefined;
}

export function printSummary(results: ImageResults): void {
  console.log(figuresTable(results));
  console.log(`\n${throughputSentence(results)}`);
  console.log(memorySentence(results));
  console.log(`\n${processesTable(results.processes)}`);
  if (results.filters !== undefined) console.log(`\n${filtersTable(results.filters)}`);
}

/** The section of docs/benchmarks.md. */
export function sectionOf(results: ImageResults): string {
  const { contestants, absent } = results;
  return `## Pictures

From jpeg to jpeg of quality 80, files on a RAM disk, all in one run on ${machineSentence(results.machine)}
${results.startedAt.slice(0, 10)}, ${results.mode} mode, ${results.repetitions} interleaved repetitions, and more of what takes little, until 1.5 seconds are spent: median milliseconds, and in brackets the time
divided by imgq's, the median of that ratio over the repetitions; above 1 imgq is faster. Who takes more than 15 seconds for one
cell is measured three times. imgq, hand-written, sharp and through files run in one process, which starts as imgq starts its own
processes for pictures, with ${settingsText}; OpenCV, Pillow and the commands have the same variables of the allocator.

imgq's \`grayscale\` is Rec. 601 of decoded RGB pixels, and its \`edges\` the true magnitude √(gx² + gy²). The column OpenCV does the
same steps with the same operator. A jpeg holds its luma apart: who needs no more than that can skip its colours while decoding,
and who is content with |gx| + |gy| has a lighter Sobel. The columns of short cuts do both, which imgq's steps do not.
Pillow has no operation for the magnitude, so |gx| + |gy| is in both of its columns.

${figuresTable(results)}

${throughputSentence(results)}
${memorySentence(results)}

All four filters in a process of its own, warm, as many at once: with imgq's settings, and started as Node starts when nobody says anything.

${processesTable(results.processes)}

${filtersSection(results)}
${contestants.map(({ name, version, form }) => `- **${name} ${version}**: ${form}`).join("\n")}
${absent.map(({ name, reason }) => `- ${name} was not measured: ${reason}.`).join("\n")}
`;
}

function figuresTable({ figures, contestants }: ImageResults): string {
  const names = contestants.map(({ name }) => name);
  const head = ["", "threads", ...names];
  const rows = figures.map(({ work, picture, threads, values }) => [
    `${picture}: ${titleOf[work]}`,
    String(threads),
    ...names.map((name) => cell(values[name], values.imgq)),
  ]);
  return table(head, rows);
}

function cell(theirs: Summary | undefined, ours: Summary | undefined): string {
  if (theirs === undefined) return "–";
  const shown = figure(theirs.median);
  return ours === undefined || theirs === ours
    ? shown
    : `${shown} (${figure(medianRatio(theirs.samples, ours.samples))})`;
}

function throughputSentence({ throughput }: ImageResults): string {
  const { imgqPerSecond, barePerSecond, inFlight } = throughput;
  const share = medianRatio(imgqPerSecond.samples, barePerSecond.samples) * 100;
  return `Throughput, pictures of 2 MP, blur, ${inFlight} at once: imgq ${figure(imgqPerSecond.median)} pictures/s, a bare loop over sharp ${figure(barePerSecond.median)}: ${figure(share)} %.`;
}

function memorySentence({ memory }: ImageResults): string {
  if (memory === undefined) return "";
  const { pictures, inFlight, residentMiB } = memory;
  const growth = Math.round(growthOf(memory) * 100);
  const change = `${growth < 0 ? "−" : "+"}${Math.abs(growth)} %`;
  return `Memory of a process of its own over ${pictures} pictures of 2, 1 and 0.5 MP by turns, all four filters, ${inFlight} at once: ${Math.min(...residentMiB)} to ${Math.max(...residentMiB)} MiB resident, the last quarter against the first ${change}.`;
}

export function processesTable(processes: readonly ProcessFigure[]): string {
  const rows = processes.map(({ pictures, settings, cpuMs, peakMiB }) => [
    pictures,
    settings === "imgq" ? "imgq's" : "none",
    figure(cpuMs.median),
    figure(peakMiB.median),
  ]);
  return table(["pictures", "settings", "processor ms a picture", "MiB at the peak"], rows);
}

function filtersSection({ filters }: ImageResults): string {
  if (filters === undefined) return "";
  return `Each filter alone against the operation that sharp has for it, 2 MP, one thread; below 1 imgq is faster. The operation is
the fastest that does this kind of work; where it computes something else (linear light, another colour space), so much the worse
for the comparison, not for the filter. \`posterize\` stands there twice: the levels it leaves take sharp two passes over pixels;
keeping the upper bits of each colour leaves other levels, darker ones, in one that need not wait for the whole picture. Nor need
sharp's \`gamma\`, which rounds down and so leaves pictures half a level darker; imgq's rounds to the nearest, on raw pixels.
\`roundCorners\` and \`mask\` write png, \`flatten\` reads it; what sharp lays over a picture
(but for the mark and the mask) it has in memory.

${filtersTable(filters)}
`;
}

export function filtersTable(filters: readonly FilterFigure[]): string {
  const rows = filters.map(({ text, sharpForm, imgq, sharp }) => [
    `\`${text}\``,
    `\`${sharpForm}\``,
    figure(imgq.median),
    figure(sharp.median),
    figure(medianRatio(imgq.samples, sharp.samples)),
  ]);
  return table(["filter", "sharp's own", "imgq ms", "sharp ms", "imgq ÷ sharp"], rows);
}
