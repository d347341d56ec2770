import { readFileSync } from "node:fs";

const page = new URL("../../../docs/redis-keys.md", import.meta.url);

/** Sections of keys that belong to no single queue, and what stands in the braces of those keys. */
const shared: readonly (readonly [section: string, owner: string])[] = [
  ["Keys of all queues", "queues"],
  ["Keys of the registry", "registry"],
];

/** Whether a key is one that docs/redis-keys.md lists, of a queue, of all queues or of the registry. */
export function documentedKeys(): (key: string) => boolean {
  const patterns = readFileSync(page, "utf8")
    .split(/^## /m)
    .flatMap((section) => {
      const owner = shared.find(([title]) => section.startsWith(title))?.[1] ?? "[^}]+";
      return namesIn(section).map((name) => new RegExp(`^imgq:\\{${owner}\\}:${patternOf(name)}$`));
    });
  return (key) => patterns.some((pattern) => pattern.test(key));
}

/** The first column of the section's table of keys. */
function namesIn(section: string): string[] {
  const [, table = ""] = section.split("| key | type |");
  const cells = table.split("\n").flatMap((row) => /^\| (`[^|]+`) \|/.exec(row)?.[1] ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
}

/** `task:<id>` stands for any id. */
function patternOf(name: string): string {
  return name.replaceAll(/<[^>]+>/g, ".+");
}
