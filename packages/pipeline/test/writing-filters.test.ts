import { execFileSync } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "./temporary-folder.ts";

const root = resolve(import.meta.dirname, "../../..");

it("shows in docs/writing-filters.md a program that runs, and what it prints", async () => {
  const guide = await readFile(join(root, "docs/writing-filters.md"), "utf8");
  const snippets = [...guide.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1] ?? "");
  const printed = /```text\n(.*?)```/s.exec(guide)?.[1];
  const folder = await temporaryFolder();
  await mkdir(join(folder, "node_modules/@imgq"), { recursive: true });
  await symlink(join(root, "images"), join(folder, "images"));
  for (const name of ["filters", "pipeline"]) {
    await symlink(join(root, "packages", name), join(folder, "node_modules/@imgq", name));
  }
  // They need no types of their own, so they are JavaScript as they stand.
  await writeFile(join(folder, "program.mjs"), withImportsMerged(snippets.join("\n")));
  const output = execFileSync(process.execPath, ["program.mjs"], { cwd: folder, encoding: "utf8" });
  expect(output).toBe(printed);
});

/** The snippets import the same names again, which one module may not. */
function withImportsMerged(program: string): string {
  const imports = [
    ...new Set(
      [...program.matchAll(/^import \{ (.*) \} from "@imgq\/filters";$/gm)].flatMap((line) =>
        (line[1] ?? "").split(", "),
      ),
    ),
  ];
  const rest = program.replaceAll(/^import \{ .* \} from "@imgq\/filters";$/gm, "");
  return `import { ${imports.join(", ")} } from "@imgq/filters";\n${rest}`;
}
