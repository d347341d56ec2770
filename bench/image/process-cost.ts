import { basename } from "node:path";
import { defaultSlots, tunedEnvironment, tunedOptions } from "../../packages/cli/src/tuned-environment.ts";
import { type Summary, summarize } from "../report/statistics.ts";
import { runBatchProcess } from "./batch-process.ts";
import type { PictureName } from "./pictures.ts";

/** What all four filters cost a process that starts with imgq's settings, and one that starts as Node does. */
export interface ProcessFigure {
  readonly pictures: string;
  readonly settings: "imgq" | "plain";
  /** Milliseconds of processor time a picture, once the process is warm. */
  readonly cpuMs: Summary;
  /** The most it ever held. */
  readonly peakMiB: Summary;
}

const PARTS = 4;

/** Each round is a new process of either kind, in turn, with as many pictures at once as the command takes. */
export async function measureProcesses(
  folder: string,
  paths: Readonly<Record<PictureName, string>>,
  { pictures, rounds }: { readonly pictures: number; readonly rounds: number },
): Promise<ProcessFigure[]> {
  const [small, large] = [basename(paths["2 MP"]), basename(paths["12 MP"])];
  const figures: ProcessFigure[] = [];
  // One in eight large: they take about as long as the small ones together.
  for (const [title, inputs] of [
    ["2 MP", [small]],
    ["2 MP, each eighth of 12 MP", [large, ...Array.from({ length: 7 }, () => small)]],
  ] as const) {
    const samples: Samples = { imgq: { cpu: [], peak: [] }, plain: { cpu: [], peak: [] } };
    for (let round = 0; round < rounds; round++) {
      for (const settings of ["imgq", "plain"] as const) {
        const order = { folder, inputs, pictures, parts: PARTS, inFlight: defaultSlots() };
        const costs = await runBatchProcess(order, settings === "imgq" ? {} : plainStart());
        // The first part warms up.
        const warm = costs.slice(1).map(({ cpuMs }) => cpuMs);
        samples[settings].cpu.push(warm.reduce((sum, ms) => sum + ms, 0) / warm.length);
        samples[settings].peak.push(costs.at(-1)?.peakMiB ?? Number.NaN);
      }
    }
    for (const settings of ["imgq", "plain"] as const) {
      const { cpu, peak } = samples[settings];
      figures.push({ pictures: title, settings, cpuMs: summarize(cpu), peakMiB: summarize(peak) });
    }
  }
  return figures;
}

type Samples = Record<ProcessFigure["settings"], { readonly cpu: number[]; readonly peak: number[] }>;

/** As a process starts of which nobody said anything; the bench itself has imgq's settings. */
function plainStart(): { env: NodeJS.ProcessEnv; execArgv: string[] } {
  const ours = new Set(Object.keys(tunedEnvironment({}, defaultSlots())));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.has(name)));
  return { env, execArgv: process.execArgv.filter((option) => !tunedOptions.includes(option)) };
}
