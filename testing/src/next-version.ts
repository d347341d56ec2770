import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A copy of the built packages as a later version might be. */
export interface NextVersion {
  /** Writes a program that imports `@imgq/…` of that version, and returns its path. */
  program(source: string): Promise<string>;
  remove(): Promise<void>;
}

const packages = ["core", "queue", "registry", "worker"];

/** What the later version writes beside what this one knows: text of the built queue, and what stands there instead. */
const changes: readonly (readonly [string, string])[] = [
  // A field of tasks that this version has never heard of, at each step of their life.
  ['"maxRetries", max_retries, "addedAt"', '"colour", "red", "maxRetries", max_retries, "addedAt"'],
  ['attempt, "claim", claim', 'attempt, "shade", "dark", "claim", claim'],
  ['"completed", "finishedAt", now_text)', '"completed", "verdict", "fine", "finishedAt", now_text)'],
  // A flag of claims, and a count of the minute.
  ['(solo and "|solo" or "")', '(solo and "|solo" or "") .. "|bright"'],
  [
    "local buckets, sum = {}, 0",
    'redis.call("HINCRBY", series, "brightness:3", 1)\\n  local buckets, sum = {}, 0',
  ],
];

/** Makes a version whose every script differs from this one's, and which stores more than this one knows. */
export async function makeNextVersion(): Promise<NextVersion> {
  const folder = await mkdtemp(join(tmpdir(), "imgq-next-"));
  const scope = join(folder, "node_modules", "@imgq");
  const source = fileURLToPath(new URL("../../packages/", import.meta.url));
  await mkdir(scope, { recursive: true });
  for (const name of packages) {
    await cp(join(source, name, "dist"), join(scope, name, "dist"), { recursive: true });
    await cp(join(source, name, "package.json"), join(scope, name, "package.json"));
  }
  const ioredis = await realpath(join(source, "queue", "node_modules", "ioredis"));
  await symlink(ioredis, join(folder, "node_modules", "ioredis"));
  const queue = join(scope, "queue", "dist", "index.js");
  await writeFile(queue, changed(await readFile(queue, "utf8")));
  let programs = 0;
  return {
    program: async (text) => {
      programs += 1;
      const path = join(folder, `program-${programs}.mjs`);
      await writeFile(path, text);
      return path;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function changed(text: string): string {
  return changes.reduce((current, [from, to]) => {
    if (!current.includes(from)) throw new Error(`The built queue has no ${from} to change.`);
    return current.replaceAll(from, to);
  }, text);
}
