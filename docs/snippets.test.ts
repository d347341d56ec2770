import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { redisForTests } from "@imgq/testing";
import { describe, expect, it } from "vitest";

// Every ```ts block of the docs is a whole program and is run, in a folder with images/; every ```sh block marked
// `sh run` is run too. writing-filters.md builds one program up block by block and is run by a test of the pipeline.
const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));
const redis = redisForTests();

interface Snippet {
  readonly page: string;
  readonly line: number;
  readonly language: "ts" | "sh";
  readonly code: string;
}

const docs = (await readdir(join(root, "docs"))).filter(
  (name) => name.endsWith(".md") && name !== "writing-filters.md",
);
const packages = await readdir(join(root, "packages"));
const pages = [
  "README.md",
  ...docs.map((name) => join("docs", name)),
  ...packages.map((name) => join("packages", name, "README.md")),
];
const snippets = (await Promise.all(pages.map(snippetsOf))).flat();

describe("the snippets of the docs", () => {
  it("exist", () => {
    expect(snippets.filter((snippet) => snippet.page === "README.md")).not.toHaveLength(0);
  });

  it.each(snippets)("$page:$line runs", async ({ language, code }) => {
    const folder = await mkdtemp(join(root, ".snippet-"));
    try {
      await cp(join(root, "images"), join(folder, "images"), { recursive: true });
      await mkdir(join(folder, "output"));
      await writeFile(join(folder, `snippet.${language === "ts" ? "mts" : "sh"}`), code);
      const env = {
        ...process.env,
        REDIS_URL: redis.url,
        NO_COLOR: "1",
        PATH: `${join(root, "node_modules", ".bin")}:${process.env.PATH}`,
      };
      if (language === "ts")
        await run("tsx", ["--tsconfig", join(root, "tsconfig.base.json"), "snippet.mts"], {
          cwd: folder,
          env,
          timeout: 25_000,
        });
      else await run("bash", ["-euo", "pipefail", "snippet.sh"], { cwd: folder, env, timeout: 25_000 });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

async function snippetsOf(page: string): Promise<Snippet[]> {
  const text = await readFile(join(root, page), "utf8");
  return [...text.matchAll(/^```(ts|sh run)\n([\s\S]*?)^```$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split("\n").length,
    language: match[1] === "ts" ? "ts" : "sh",
    code: match[2] ?? "",
  }));
}
