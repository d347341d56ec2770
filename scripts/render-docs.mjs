// Puts files of the repository into the Markdown that shows them: a fenced block after `<!-- program: path -->` or
// `<!-- output: path -->` gets that file's text. `--check` only says whether all are current.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const check = process.argv.includes("--check");
const pages = [
  "README.md",
  ...(await readdir("docs")).filter((name) => name.endsWith(".md")).map((name) => join("docs", name)),
];
let stale = 0;

for (const page of pages) {
  const text = await readFile(page, "utf8");
  const rendered = await render(text);
  if (rendered === text) continue;
  stale += 1;
  if (check)
    console.error(`${page} does not show its programs as they are. Run: node scripts/render-docs.mjs`);
  else await writeFile(page, rendered);
}
process.exitCode = check && stale > 0 ? 1 : 0;

async function render(text) {
  const marker = /(<!-- (?:program|output): (\S+) -->\n```\w*\n)[\s\S]*?(```\n)/g;
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(marker)) {
    const [whole, head, path, tail] = match;
    parts.push(text.slice(end, match.index), head, (await readFile(path, "utf8")).trimEnd(), "\n", tail);
    end = match.index + whole.length;
  }
  return [...parts, text.slice(end)].join("");
}
