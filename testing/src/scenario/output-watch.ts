import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** What a reader of the output folder saw while workers wrote into it. */
export interface OutputReport {
  readonly reads: number;
  /** Files whose bytes were not those of a direct run. */
  readonly partial: readonly string[];
}

export interface OutputWatch {
  stop(): Promise<OutputReport>;
}

/** Reads every output again and again, as a web server would, and compares each with the bytes it must have. */
export function watchOutputs(folder: string, expected: ReadonlyMap<string, string>): OutputWatch {
  const partial = new Set<string>();
  let reads = 0;
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      for (const [name, hash] of expected) {
        const found = await hashOf(join(folder, name));
        if (found === undefined) continue;
        reads += 1;
        if (found !== hash) partial.add(name);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await watching;
      return { reads, partial: [...partial] };
    },
  };
}

/** SHA-256 of a file; undefined when there is none. */
export async function hashOf(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  return bytes === undefined ? undefined : createHash("sha256").update(bytes).digest("hex");
}

/** Names in a folder that are not among the expected ones: temporary files that were left. */
export async function strayFiles(folder: string, expected: Iterable<string>): Promise<string[]> {
  const known = new Set(expected);
  const found: string[] = [];
  for (const name of await readdir(folder, { recursive: true })) {
    if (!known.has(name) && (await stat(join(folder, name))).isFile()) found.push(name);
  }
  return found;
}
