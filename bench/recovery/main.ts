// pnpm bench:recovery [--kills 200] [--lanes 3] [--no-write]
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { seededRandom } from "@imgq/testing/scenario";
import { renderSection } from "../report/document.ts";
import { resultsHeader, writeResults } from "../report/results-file.ts";
import { runLane } from "./lane.ts";
import { distributionOf, type RecoveryResults, sectionOf } from "./report.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    lanes: { type: "string", default: "3" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    "no-write": { type: "boolean", default: false },
  },
});
const [kills, lanes, seed] = [Number(values.kills), Number(values.lanes), Number(values.seed)];
const random = seededRandom(seed);

/** Lanes are independent queues side by side: a kill is mostly waiting, so that several fit into the same minutes. */
async function killAll(supervised: boolean): Promise<number[]> {
  const perLane = Math.ceil(kills / lanes);
  const taken = await Promise.all(
    Array.from({ length: lanes }, (_, lane) =>
      runLane({
        kills: perLane,
        supervised,
        random: random.fork(`${supervised}-${lane}`),
        onKill: (ms) => process.stderr.write(`${supervised ? "supervised" : "alone"} ${Math.round(ms)} ms\n`),
      }),
    ),
  );
  return taken.flat();
}

const header = resultsHeader("recovery", kills >= 200 ? "full" : "quick");
const results: RecoveryResults = {
  ...header,
  seed,
  alone: distributionOf(await killAll(false)),
  supervised: distributionOf(await killAll(true)),
};
console.log(sectionOf(results));
if (!values["no-write"]) {
  console.log(
    `\nWritten: ${await writeResults(results)}, ${await renderSection("recovery", sectionOf(results))}`,
  );
}
