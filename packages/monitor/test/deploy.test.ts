import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { metricFamilies } from "../src/prometheus/metrics.ts";
import { everything } from "./everything.ts";

const root = new URL("../../../", import.meta.url);
const known = new Set(
  metricFamilies(everything).flatMap(({ name, type }) =>
    type === "histogram" ? [name, `${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  ),
);

/** Metric names a text refers to; `imgq-…` and `imgq:…` are other things. */
function namesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\bimgq_[a-z_]+/g)].map(([name]) => name))];
}

describe.each(["deploy/prometheus/rules.yml", "deploy/grafana/imgq.json"])("%s", (path) => {
  const text = readFileSync(new URL(path, root), "utf8");

  it("asks only for metrics that exist", () => {
    const names = namesIn(text);
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});
