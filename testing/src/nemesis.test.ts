import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type History, openHistory, readHistory } from "./history/history.ts";
import { runNemesis } from "./nemesis.ts";
import { seededRandom } from "./seeded-random.ts";

let folder: string;
let history: History;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "imgq-nemesis-"));
  history = openHistory(join(folder, "history"));
});
afterEach(() => {
  history.close();
  rmSync(folder, { recursive: true });
});

async function rampage(seed: number): Promise<string[]> {
  const open = new Set<string>();
  const done = await runNemesis({
    faults: [
      {
        name: "freeze",
        lastsMs: [1, 2],
        begin: () => void open.add("freeze"),
        end: () => void open.delete("freeze"),
      },
      { name: "kill", weight: 2, begin: () => 42 },
    ],
    random: seededRandom(seed),
    history,
    peaceMs: [1, 3],
    forMs: 80,
  });
  expect(open).toEqual(new Set());
  return done;
}

describe("the nemesis", () => {
  it("does the same for the same seed, heals what it broke, and writes all of it down", async () => {
    const first = await rampage(5);
    const events = readHistory(history.path);
    const second = await rampage(5);
    const length = Math.min(first.length, second.length);
    expect(length).toBeGreaterThan(3);
    expect(second.slice(0, length)).toEqual(first.slice(0, length));
    expect(new Set(first)).toEqual(new Set(["freeze", "kill"]));
    expect(events.filter((event) => event.kind === "fault" && event.phase === "began")).toHaveLength(
      first.length,
    );
    expect(events.find((event) => event.kind === "fault" && event.name === "kill")).toMatchObject({
      target: 42,
    });
  });
});
