import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openHistory, readHistory } from "./history.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "imgq-history-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a history", () => {
  it("joins what several writers recorded, in the order of time", () => {
    const path = join(folder, "history");
    const [one, two] = [openHistory(path), openHistory(path)];
    one.record({ kind: "add", phase: "invoked", id: "a" });
    two.record({ kind: "fault", phase: "began", name: "kill-worker", target: 7 });
    one.record({ kind: "add", phase: "acknowledged", id: "a" });
    one.close();
    two.close();
    // Written last, but it happened first.
    appendFileSync(path, `${JSON.stringify({ at: 0, pid: 9, kind: "unhandled", error: "early" })}\n`);
    expect(readHistory(path).map(({ kind }) => kind)).toEqual(["unhandled", "add", "fault", "add"]);
  });
});
