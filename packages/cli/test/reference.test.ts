import { readFile, writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { createProgram } from "../src/program.ts";
import { commandReference } from "../src/reference.ts";
import { Terminal } from "../src/terminal/terminal.ts";

const page = new URL("../../../docs/cli.md", import.meta.url);
const heading = "## Every command\n";

it("docs/cli.md shows the help of every command as it is (UPDATE_DOCS=1 writes it)", async () => {
  const { stdin, stdout, stderr } = process;
  const terminal = new Terminal({ stdin, stdout, stderr, env: {} });
  const text = await readFile(page, "utf8");
  const [before] = text.split(heading);
  // Defaults that depend on the machine are not those of the reader.
  const reference = commandReference(createProgram(terminal)).replace(
    /(--processes <count> +worker processes )\(default: \d+\)/,
    "$1(default: cores, at most 4)",
  );
  const current = `${before}${heading}\n${reference}`;
  if (process.env.UPDATE_DOCS === "1") await writeFile(page, current);
  else expect(text).toBe(current);
});
