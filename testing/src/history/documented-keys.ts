import { readFileSync } from "node:fs";

const page = new URL("../../../docs/redis-keys.md", import.meta.url);

/** Whether a key is one that docs/redis-keys.md lists, of a queue or of the registry. */
export function documentedKeys(): (key: string) => boolean {
  const patterns = readFileSync(page, "utf8")
    .split(/^## /m)
    .flatMap((section) => {
      const owner = section.startsWith("Keys of the registry") ? "\\{registry\\}" : "\\{[^}]+\\}";
      return namesIn(section).map((name) => new RegExp(`^imgq:${owner}:${patternOf(name)}$`));
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
