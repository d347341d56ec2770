// pnpm bench:queue [--full] [--only add,drain-100] [--peers imgq,bullmq] [--repetitions 5] [--no-write]
import { parseArgs } from "node:util";
import { startRedisServer } from "@imgq/cli/local-redis";
import { renderSection } from "../report/document.ts";
import { resultsHeader, writeResults } from "../report/results-file.ts";
import { summarize } from "../report/statistics.ts";
import { type Bench, type Measure, measures } from "./measure.ts";
import { versionOf } from "./package-version.ts";
import { PeerHandle } from "./peer-handle.ts";
import { peers } from "./peers/index.ts";
import { RedisProbe } from "./redis-probe.ts";
import { printSummary, type QueueResults, sectionOf } from "./report.ts";
import { full, quick } from "./sizes.ts";

const { values } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    only: { type: "string" },
    peers: { type: "string" },
    repetitions: { type: "string" },
    "no-write": { type: "boolean", default: false },
  },
});
const base = values.full ? full : quick;
const sizes = values.repetitions === undefined ? base : { ...base, repetitions: Number(values.repetitions) };
const wanted = values.only?.split(",");
const chosenMeasures = measures.filter(
  (measure) =>
    (values.full || measure.fullOnly !== true) &&
    (wanted === undefined || measure.figures.some(({ id }) => wanted.some((part) => id.startsWith(part)))),
);
const wantedPeers = values.peers?.split(",");
const chosenPeers = peers.filter((peer) => wantedPeers === undefined || wantedPeers.includes(peer.name));

const header = resultsHeader("queue", sizes.mode);
const server = await startRedisServer();
const probe = new RedisProbe(server.url);
const benches = chosenPeers.map(
  (peer): Bench => ({
    url: server.url,
    probe,
    first: new PeerHandle(peer.name),
    second: new PeerHandle(peer.name),
    sizes,
  }),
);
try {
  const samples = new Map<string, Map<string, number[]>>();
  for (const measure of chosenMeasures) await repeat(measure, samples);
  const results: QueueResults = {
    ...header,
    redis: await probe.version(),
    repetitions: sizes.repetitions,
    warmUpMs: sizes.warmUpMs,
    peers: chosenPeers.map(({ name, packageName, configuration }) => ({
      name,
      version: versionOf(packageName),
      configuration,
    })),
    figures: chosenMeasures
      .flatMap((measure) => measure.figures)
      .map((figure) => ({
        ...figure,
        values: Object.fromEntries(
          [...(samples.get(figure.id) ?? new Map<string, number[]>())].map(([peer, taken]) => [
            peer,
            summarize(taken),
          ]),
        ),
      })),
  };
  printSummary(results);
  const complete = wanted === undefined && wantedPeers === undefined;
  if (complete && !values["no-write"]) {
    console.log(
      `\nWritten: ${await writeResults(results)}, ${await renderSection("queue", sectionOf(results))}`,
    );
  }
} finally {
  await Promise.all(benches.flatMap(({ first, second }) => [first.close(), second.close()]));
  probe.close();
  await server.stop();
}

/**
 * Every peer once, then every peer again, beginning with another each time: a slow spell of the machine hits all. Before
 * that each works for as long, uncounted: workers run for days, and what is to be measured is not how V8 warms up.
 */
async function repeat(measure: Measure, samples: Map<string, Map<string, number[]>>): Promise<void> {
  const repetitions = measure.once === true ? 1 : sizes.repetitions;
  if (measure.once !== true && measure.isWarm !== true)
    for (const bench of benches) await warmUp(measure, bench);
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (let index = 0; index < benches.length; index += 1) {
      const bench = benches[(index + repetition) % benches.length];
      if (bench === undefined) continue;
      showProgress(`${measure.figures[0]?.title}: ${repetition + 1} of ${repetitions}, ${bench.first.name}`);
      await probe.flush();
      const values = await measure.run(bench);
      for (const [id, value] of Object.entries(values)) {
        const ofFigure = samples.get(id) ?? new Map<string, number[]>();
        samples.set(id, ofFigure.set(bench.first.name, [...(ofFigure.get(bench.first.name) ?? []), value]));
      }
    }
  }
  showProgress("");
}

async function warmUp(measure: Measure, bench: Bench): Promise<void> {
  showProgress(`${measure.figures[0]?.title}: warming up, ${bench.first.name}`);
  const until = performance.now() + sizes.warmUpMs;
  do {
    await probe.flush();
    await measure.run(bench);
  } while (performance.now() < until);
}

function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}
