import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { renderPrometheus } from "../src/prometheus/metrics.ts";
import { snapshotOf } from "./builders.ts";
import { everything, someScripts } from "./everything.ts";

const promtool = process.env.PROMTOOL ?? "promtool";
const rules = fileURLToPath(new URL("../../../deploy/prometheus/", import.meta.url));

/** What promtool says, with its exit code; undefined where there is none. */
function ask(args: readonly string[], input = ""): { code: number | null; said: string } | undefined {
  const { error, status, stdout, stderr } = spawnSync(promtool, args, {
    input,
    encoding: "utf8",
    cwd: rules,
  });
  return error === undefined ? { code: status, said: `${stdout}${stderr}` } : undefined;
}

// Skipped where promtool is not installed, but not where tests must not be skipped.
const isThere = ask(["--version"]) !== undefined;
const describeWithPromtool = isThere || process.env.CI === "true" ? describe : describe.skip;

describeWithPromtool("promtool", () => {
  it("has nothing to say about the metrics, with everything in them and with nothing", () => {
    for (const snapshot of [everything, snapshotOf({ queues: [], workerList: [] })]) {
      expect(ask(["check", "metrics"], renderPrometheus(snapshot, someScripts))).toEqual({
        code: 0,
        said: "",
      });
    }
  });

  it("accepts the rules, and they fire and clear as they should", () => {
    expect(ask(["check", "rules", "rules.yml"])).toMatchObject({ code: 0 });
    expect(ask(["test", "rules", "rules.test.yml"])).toMatchObject({ code: 0 });
  });
});
