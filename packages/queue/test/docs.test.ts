import { readFileSync } from "node:fs";
import { transitions } from "@imgq/queue";
import { describe, expect, it } from "vitest";
import { keyFamilies, singleKeys } from "../src/redis/keys.ts";

const docs = new URL("../../../docs/", import.meta.url);
const lua = new URL("../src/lua/", import.meta.url);
const read = (name: string, base: URL): string => readFileSync(new URL(name, base), "utf8");

/** The cells of every table row of a page. */
function rows(page: string): string[][] {
  return page
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .replaceAll("\\|", "¦")
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe("docs/state-machine.md", () => {
  it("has the transitions that the code has", () => {
    const page = read("state-machine.md", docs);
    const told = rows(page.slice(page.indexOf("## Transitions"))).slice(1);
    const known = transitions.map(({ name, from, to, when }) => [name, from ?? "–", to ?? "–", when]);
    expect(told).toEqual(known);
  });

  it.each([
    "add",
    "promote",
    "claim",
    "complete",
    "fail",
    "release",
    "recover",
    "cancel",
    "redrive",
    "purge",
  ])("agrees with the header of %s.lua", (name) => {
    const files =
      name === "recover"
        ? ["recover.lua", "take_back.lua", "lose.lua", "fail.lua", "forget.lua", "release.lua"]
        : [`${name}.lua`];
    const header = files.map((file) => headerOf(read(file, lua))).join("\n");
    for (const arrow of transitions.filter((one) => one.name === name)) {
      expect(header).toContain(arrow.from ?? "");
      expect(header).toContain(arrow.to ?? "");
    }
  });
});

describe("docs/redis-keys.md", () => {
  const page = read("redis-keys.md", docs);

  it("lists every key the code can make, and no other", () => {
    const table = rows(page.slice(0, page.indexOf("## Fields"))).slice(1);
    const told = table.flatMap(([keys]) =>
      [...(keys ?? "").matchAll(/`([^`<]+)(<[^>]+>)?`/g)].map(([, name]) => name),
    );
    const families = Object.values(keyFamilies).flatMap((name) =>
      name === "pending" ? ["pending:high", "pending:normal", "pending:low"] : [`${name}:`],
    );
    expect(new Set(told)).toEqual(new Set([...Object.values(singleKeys), ...families]));
  });
});

function headerOf(source: string): string {
  const lines = source.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("--"));
  return lines.slice(0, end).join("\n");
}
