import { createHash } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { NamedOutput } from "./name-outputs.ts";

/** What decides how a picture comes out: steps and encoding, in any JSON form. */
export type Recipe = unknown;

/**
 * Splits what is still to be made from what an earlier run has finished. An output is finished when it is newer than its
 * input and than the first use of this recipe for its folder: outputs appear whole or not at all, so an interrupted run
 * leaves nothing that only looks finished.
 */
export async function splitFinished(
  outputs: readonly NamedOutput[],
  outputFolder: string,
  recipe: Recipe,
): Promise<{ readonly remaining: NamedOutput[]; readonly finished: NamedOutput[] }> {
  const inUseSince = await recipeSince(outputFolder, recipe);
  const remaining: NamedOutput[] = [];
  const finished: NamedOutput[] = [];
  for (const pair of outputs) {
    const [input, output] = await Promise.all([modifiedAt(pair.source), modifiedAt(pair.output)]);
    const isFinished = input !== undefined && output !== undefined && output >= input && output >= inUseSince;
    (isFinished ? finished : remaining).push(pair);
  }
  return { remaining, finished };
}

/** Remembers that outputs in this folder are made by `recipe` from now on, unless they already are. */
export async function rememberRecipe(outputFolder: string, recipe: Recipe): Promise<void> {
  const known = await readMemory(outputFolder);
  const digest = digestOf(recipe);
  if (known?.recipe === digest) return;
  // A folder seen for the first time: what lies there is believed to be made by this recipe, as `make` would.
  const since = known === undefined ? 0 : Date.now();
  const path = memoryPath(outputFolder);
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, JSON.stringify({ folder: resolve(outputFolder), recipe: digest, since }));
  await rename(temporary, path);
}

async function recipeSince(outputFolder: string, recipe: Recipe): Promise<number> {
  const known = await readMemory(outputFolder);
  if (known === undefined) return 0;
  return known.recipe === digestOf(recipe) ? known.since : Number.POSITIVE_INFINITY;
}

async function readMemory(outputFolder: string): Promise<{ recipe: string; since: number } | undefined> {
  try {
    const stored: unknown = JSON.parse(await readFile(memoryPath(outputFolder), "utf8"));
    if (!(stored instanceof Object && "recipe" in stored && "since" in stored)) return undefined;
    return { recipe: String(stored.recipe), since: Number(stored.since) };
  } catch {
    return undefined;
  }
}

/** In the user's cache, not in the output folder: what is there belongs to the person. */
function memoryPath(outputFolder: string): string {
  const base = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  return join(base, "imgq", "process", `${digestOf(resolve(outputFolder))}.json`);
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}

async function modifiedAt(path: string): Promise<number | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() === true && stats.size > 0 ? stats.mtimeMs : undefined;
}
