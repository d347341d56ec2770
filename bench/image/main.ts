// pnpm bench:image [--full] [--works four,edges] [--pictures "12 MP"] [--repetitions 9] [--no-write]
// pnpm bench:image --filters: nothing but each filter alone against sharp's own operation, not written
// pnpm bench:image --processes: nothing but what a process costs with and without imgq's settings, not written
import { mkdtemp, rm, stat } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { renderSection } from "../report/document.ts";
import { resultsHeader, writeResults } from "../report/results-file.ts";
import { summarize } from "../report/statistics.ts";
import { type Absent, type Contestant, isAbsent } from "./contestant.ts";
import { commandPeer, tools } from "./contestants/command.ts";
import { handWritten } from "./contestants/hand-written.ts";
import { imgq } from "./contestants/imgq.ts";
import { plainSharp } from "./contestants/plain-sharp.ts";
import { pythonPeer } from "./contestants/python-peer.ts";
import { throughFiles } from "./contestants/through-files.ts";
import { measureMemory } from "./memory.ts";
import { measureProcesses } from "./process-cost.ts";
import { makePictures, type PictureName, pictureSizes } from "./pictures.ts";
import {
  filtersTable,
  type ImageResults,
  printSummary,
  processesTable,
  sectionOf,
  type WorkFigure,
} from "./report.ts";
import { measureFilters } from "./single-filters.ts";
import { measureThroughput } from "./throughput.ts";
import { type Work, works } from "./works.ts";

const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    works: { type: "string" },
    pictures: { type: "string" },
    repetitions: { type: "string" },
    filters: { type: "boolean", default: false },
    processes: { type: "boolean", default: false },
    "no-write": { type: "boolean", default: false },
  },
});
const WARM_UP_RUNS = 15;
const WARM_UP_MS = 1000;
/** Who has taken this long for one work is asked no more: the seconds of ImageMagick do not waver. */
const PATIENCE_MS = 15_000;
const FEWEST_RUNS = 3;
/** Who has not taken this long goes on: of a few milliseconds a median of nine wavers by a twentieth. */
const LEAST_MS = 1500;
const mode = values.full ? "full" : "quick";
/** So many that a quarter of them is more than what the allocator and V8 take to settle, about 800. */
const MEMORY_PICTURES = 8000;
const repetitions = Number(values.repetitions ?? (values.full ? 15 : 5));
const processSizes = { pictures: values.full ? 160 : 80, rounds: values.full ? 5 : 2 };
const header = resultsHeader("image", mode);
// On a RAM disk: what is compared is the work on pixels, not the disk.
const memoryDisk = await stat("/dev/shm").then(
  () => "/dev/shm",
  () => tmpdir(),
);
const folder = await mkdtemp(join(memoryDisk, "imgq-bench-"));
try {
  const pictures = await makePictures(folder);
  if (values.filters) {
    console.log(filtersTable(await measureFilters(folder, pictures["2 MP"], repetitions)));
  } else if (values.processes) {
    console.log(processesTable(await measureProcesses(folder, pictures, processSizes)));
  } else await measureAll(pictures);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measureAll(pictures: Readonly<Record<PictureName, string>>): Promise<void> {
  const names = Object.keys(pictureSizes) as PictureName[];
  const chosenPictures = names.filter((name) => values.pictures?.split(",").includes(name) ?? true);
  const chosenWorks = works.filter((work) => values.works?.split(",").includes(work) ?? true);

  const figures: WorkFigure[] = [];
  let known: Awaited<ReturnType<typeof gather>> | undefined;
  const cores = availableParallelism();
  for (const threads of cores > 1 ? [1, cores] : [1]) {
    const gathered = await gather(threads);
    known ??= gathered;
    for (const picture of chosenPictures) {
      for (const work of threads === 1 ? chosenWorks : chosenWorks.filter((each) => each === "four")) {
        figures.push(await measure(gathered.present, work, picture, pictures[picture], threads));
      }
    }
    for (const contestant of gathered.present) await contestant.close?.();
  }

  const inFlight = cores + 1;
  const many = Array.from({ length: values.full ? 200 : 40 }, () => pictures["2 MP"]);
  const rounds = [];
  for (let round = 0; round < repetitions; round++) {
    rounds.push(await measureThroughput(folder, many, inFlight, round % 2 === 1));
  }
  const processes = await measureProcesses(folder, pictures, processSizes);
  const memory = values.full
    ? await measureMemory(folder, pictures["2 MP"], MEMORY_PICTURES, inFlight)
    : undefined;
  const filters = values.full ? await measureFilters(folder, pictures["2 MP"], repetitions) : undefined;

  const results: ImageResults = {
    ...header,
    repetitions,
    contestants: (known?.present ?? []).map(({ name, version, form }) => ({ name, version, form })),
    absent: known?.absent ?? [],
    figures,
    throughput: {
      inFlight,
      imgqPerSecond: summarize(rounds.map(({ imgqPerSecond }) => imgqPerSecond)),
      barePerSecond: summarize(rounds.map(({ barePerSecond }) => barePerSecond)),
    },
    processes,
    memory,
    filters,
  };
  printSummary(results);
  const complete = values.works === undefined && values.pictures === undefined;
  if (complete && !values["no-write"]) {
    console.log(
      `\nWritten: ${await writeResults(results)}, ${await renderSection("image", sectionOf(results))}`,
    );
  }
}

async function gather(threads: number): Promise<{ present: Contestant[]; absent: Absent[] }> {
  const candidates = [
    imgq(folder, threads),
    handWritten(),
    plainSharp(),
    throughFiles(),
    await pythonPeer("OpenCV", "same-steps", threads),
    await pythonPeer("OpenCV", "short-cuts", threads),
    await pythonPeer("Pillow", "same-steps", threads),
    await pythonPeer("Pillow", "short-cuts", threads),
    ...(await Promise.all(tools.map((tool) => commandPeer(tool, threads)))),
  ];
  sharp.concurrency(threads);
  const absent = candidates.filter(isAbsent);
  for (const { name, reason } of absent) console.log(`${name} is left out: ${reason}.`);
  return { present: candidates.filter((candidate): candidate is Contestant => !isAbsent(candidate)), absent };
}

/** Each contestant warms up by itself; then all in turn, in a new order each round, so that nobody always comes after the same other. */
async function measure(
  contestants: readonly Contestant[],
  work: Work,
  picture: PictureName,
  input: string,
  threads: number,
): Promise<WorkFigure> {
  const taking = contestants.filter((contestant) => contestant.takes(work));
  const samples = new Map<string, number[]>(taking.map(({ name }) => [name, []]));
  const output = join(folder, "output.jpg");
  for (const contestant of taking) await warmUp(contestant, work, input, output);
  const wantsMore = ({ name }: Contestant): boolean => {
    const taken = samples.get(name) ?? [];
    const spent = taken.reduce((sum, ms) => sum + ms, 0);
    if (taken.length < FEWEST_RUNS) return true;
    return taken.length < repetitions ? spent < PATIENCE_MS : spent < LEAST_MS;
  };
  for (let going = taking; going.length > 0; going = going.filter(wantsMore)) {
    for (const contestant of shuffled(going)) {
      samples.get(contestant.name)?.push(await contestant.run(work, input, output));
    }
  }
  const values = Object.fromEntries([...samples].map(([name, taken]) => [name, summarize(taken)]));
  return { work, picture, threads, values };
}

/** What is compiled while it runs needs some runs; a process that starts anew each time is as it is after one. */
async function warmUp(contestant: Contestant, work: Work, input: string, output: string): Promise<void> {
  const until = performance.now() + WARM_UP_MS;
  let runs = 0;
  do {
    await contestant.run(work, input, output);
    runs += 1;
  } while (runs < WARM_UP_RUNS && performance.now() < until);
}

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ value }) => value);
}
