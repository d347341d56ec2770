import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describeMachine, type Machine } from "./machine.ts";

/** What every results file begins with. */
export interface ResultsHeader {
  readonly bench: string;
  readonly mode: "quick" | "full";
  /** ISO 8601. */
  readonly startedAt: string;
  readonly machine: Machine;
}

/** Call before the measuring starts, so that the load it records is not the bench's own. */
export function resultsHeader(bench: string, mode: "quick" | "full"): ResultsHeader {
  return { bench, mode, startedAt: new Date().toISOString(), machine: describeMachine() };
}

/** Writes `bench/results/<bench>.json` and returns its path. */
export async function writeResults<T extends ResultsHeader>(results: T): Promise<string> {
  const folder = fileURLToPath(new URL("../results/", import.meta.url));
  await mkdir(folder, { recursive: true });
  const path = `${folder}${results.bench}.json`;
  await writeFile(path, `${JSON.stringify(results, null, 2)}\n`);
  return path;
}
