import manifest from "../../package.json" with { type: "json" };
import type { ScriptTimes } from "@imgq/core/redis";
import type { Snapshot } from "../snapshot.ts";
import { type MetricFamily, renderExposition } from "./exposition.ts";
import { queueMetrics } from "./queue-metrics.ts";
import { redisMetrics } from "./redis-metrics.ts";
import { scriptMetric } from "./script-metric.ts";
import { workerMetrics } from "./worker-metrics.ts";

/**
 * Everything Prometheus is told, family by family, in the order it is written. `scripts` are those that the process which
 * is asked has called.
 */
export function metricFamilies(
  snapshot: Snapshot,
  scripts: readonly ScriptTimes[] = [],
): readonly MetricFamily[] {
  return [
    {
      name: "imgq_build_info",
      type: "gauge",
      help: "Always 1; the labels tell what runs.",
      samples: [{ labels: { version: manifest.version, node: process.versions.node }, value: 1 }],
    },
    {
      name: "imgq_snapshot_duration_seconds",
      type: "gauge",
      help: "Time it took to read these numbers.",
      samples: [{ value: snapshot.tookMs / 1000 }],
    },
    ...queueMetrics(snapshot),
    ...workerMetrics(snapshot),
    ...redisMetrics(snapshot),
    scriptMetric(scripts),
  ];
}

export function renderPrometheus(snapshot: Snapshot, scripts: readonly ScriptTimes[] = []): string {
  return renderExposition(metricFamilies(snapshot, scripts));
}
