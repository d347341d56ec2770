import { readFileSync } from "node:fs";

/** The installed version of a package that bench/package.json names. */
export function versionOf(packageName: string): string {
  const path = new URL(`../node_modules/${packageName}/package.json`, import.meta.url);
  const text = readFileSync(path, "utf8");
  return /"version":\s*"([^"]+)"/.exec(text)?.[1] ?? "unknown";
}
