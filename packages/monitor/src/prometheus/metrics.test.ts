import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { queueSnapshot, snapshotOf, workerRecord } from "../../test/builders.ts";
import { everything, someScripts } from "../../test/everything.ts";
import { parseSample, promtoolCheck } from "../../test/promtool-check.ts";
import { metricFamilies, renderPrometheus } from "./metrics.ts";

function valuesOf(text: string, name: string): { labels: Readonly<Record<string, string>>; value: number }[] {
  return text
    .split("\n")
    .map(parseSample)
    .filter((sample) => sample?.name === name)
    .flatMap((sample) => (sample === undefined ? [] : [{ labels: sample.labels, value: sample.value }]));
}

describe("the Prometheus text", () => {
  it("passes the linter with everything in it and with nothing", () => {
    expect(promtoolCheck(renderPrometheus(everything, someScripts))).toEqual([]);
    expect(promtoolCheck(renderPrometheus(snapshotOf({ queues: [], workerList: [] })))).toEqual([]);
  });

  it("escapes whatever a label may hold", () => {
    const id = 'a"b\\c\nd{e="f"},é';
    const text = renderPrometheus(snapshotOf({ workerList: [workerRecord({ id })] }));
    expect(promtoolCheck(text)).toEqual([]);
    expect(valuesOf(text, "imgq_worker_slots")).toEqual([{ labels: { worker: id }, value: 2 }]);
  });

  it("writes cumulative histograms in seconds", () => {
    const text = renderPrometheus(everything, someScripts);
    expect(
      valuesOf(text, "imgq_task_run_seconds_bucket").map(({ labels, value }) => [labels.le, value]),
    ).toEqual([
      ["0.01", 1],
      ["0.1", 3],
      ["1", 3],
      ["+Inf", 7],
    ]);
    expect(valuesOf(text, "imgq_task_run_seconds_sum")).toMatchObject([{ value: 12.5 }]);
    expect(valuesOf(text, "imgq_task_run_seconds_count")).toMatchObject([{ value: 7 }]);
  });

  it("tells how long each script took, here and on the workers", () => {
    const text = renderPrometheus(everything, someScripts);
    expect(
      valuesOf(text, "imgq_script_seconds_bucket").map(({ labels, value }) => [labels.le, value]),
    ).toEqual([
      ["0.00025", 0],
      ["0.0005", 1],
      ["0.001", 2],
      ...["0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "1"].map((le) => [le, 2]),
      ["+Inf", 3],
    ]);
    expect(valuesOf(text, "imgq_script_seconds_count")).toEqual([
      { labels: { script: "registry read" }, value: 3 },
    ]);
    expect(valuesOf(text, "imgq_worker_script_calls_total")).toEqual([
      { labels: { worker: "worker-1", script: "queue cycle" }, value: 10 },
    ]);
  });

  it("leaves out what cannot be read now, and says so", () => {
    const text = renderPrometheus(
      snapshotOf({
        queues: [queueSnapshot({ stale: true })],
        redis: { reachable: false, error: { name: "Error", message: "away" }, since: 0 },
        workersStale: true,
      }),
    );
    expect(promtoolCheck(text)).toEqual([]);
    expect(valuesOf(text, "imgq_queue_up")).toEqual([{ labels: { queue: "images" }, value: 0 }]);
    expect(valuesOf(text, "imgq_redis_up")).toEqual([{ labels: {}, value: 0 }]);
    expect(valuesOf(text, "imgq_tasks")).toEqual([]);
    expect(valuesOf(text, "imgq_worker_slots")).toEqual([]);
  });

  it("is documented, name by name, type by type and word by word", () => {
    const page = readFileSync(new URL("../../../../docs/metrics.md", import.meta.url), "utf8");
    const documented = [...page.matchAll(/^\| `(imgq_[a-z_]+)` *\| (\w+) *\| (.*?) *\|/gm)].map(
      ([, name, type, help]) => `${name} ${type} ${help}`,
    );
    const written = metricFamilies(everything, someScripts)
      .filter((family) => family.samples.length > 0)
      .map(({ name, type, help }) => `${name} ${type} ${help}`);
    expect(documented.toSorted()).toEqual(written.toSorted());
    // Nothing may be missing from the snapshot above, or it would be missing from the comparison too.
    expect(metricFamilies(everything, someScripts).filter((family) => family.samples.length === 0)).toEqual(
      [],
    );
  });
});

describe("the linter", () => {
  it.each([
    ["# HELP imgq_a A.\n# TYPE imgq_a counter\nimgq_a 1\n", "end with _total"],
    ["# HELP imgq_a_ms A.\n# TYPE imgq_a_ms gauge\nimgq_a_ms 1\n", "base units"],
    ["# TYPE imgq_a gauge\nimgq_a 1\n", "no help"],
    ['# HELP imgq_a A.\n# TYPE imgq_a gauge\nimgq_a{x="a"b"} 1\n', "not a sample"],
    ["# HELP imgq_a A.\n# TYPE imgq_a gauge\nimgq_a 1\nimgq_a 2\n", "twice"],
    ['# HELP imgq_a A.\n# TYPE imgq_a gauge\nimgq_a{quantile="0.5"} 1\n', "quantile belongs to summaries"],
    ["# HELP imgq_a A.\n# TYPE imgq_a gauge\nimgq_a 1", "line feed"],
    [
      '# HELP imgq_a A.\n# TYPE imgq_a histogram\nimgq_a_bucket{le="1"} 2\nimgq_a_bucket{le="+Inf"} 1\nimgq_a_sum 1\nimgq_a_count 1\n',
      "cumulative",
    ],
  ])("sees what is wrong with %j", (text, complaint) => {
    expect(promtoolCheck(text).join()).toContain(complaint);
  });
});
