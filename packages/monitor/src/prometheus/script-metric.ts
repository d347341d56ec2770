import { scriptBoundsMs, type ScriptTimes } from "@imgq/core/redis";
import type { MetricFamily } from "./exposition.ts";
import { histogramSamples } from "./histogram-samples.ts";

/** What Prometheus is told about the scripts that this process has called. */
export function scriptMetric(scripts: readonly ScriptTimes[]): MetricFamily {
  return {
    name: "imgq_script_seconds",
    type: "histogram",
    help: "Time the calls of a script took, as the process that is asked saw it.",
    samples: scripts.flatMap(({ name, counts, totalMs }) =>
      histogramSamples({ boundsMs: scriptBoundsMs, counts, sumMs: totalMs }, { script: name }),
    ),
  };
}
