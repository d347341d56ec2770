import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = new URL("../../../", import.meta.url);
const page = await readFile(fileURLToPath(new URL("docs/guarantees.md", root)), "utf8");
const proofs = [...page.matchAll(/`([^`]+\.ts)` › "([^"]+)"/g)].map(([, file = "", sentence = ""]) => ({
  file,
  sentence,
}));

describe("docs/guarantees.md", () => {
  it("ends each row of its table with a proof", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| --- "));
    expect(rows.slice(1).filter((row) => !/› "[^"]+" \|$/.test(row))).toEqual([]);
  });

  it.each(proofs)("is proved by a test that exists: $sentence", async ({ file, sentence }) => {
    expect(await readFile(fileURLToPath(new URL(file, root)), "utf8")).toContain(sentence);
  });
});
