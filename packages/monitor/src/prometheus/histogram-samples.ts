import type { DurationHistogram } from "@imgq/queue";
import type { Sample } from "./exposition.ts";

/** The lines of a histogram in seconds: cumulative buckets, sum and count. None for nothing measured. */
export function histogramSamples(
  measured: DurationHistogram | undefined,
  labels: Readonly<Record<string, string>> = {},
): Sample[] {
  if (measured === undefined) return [];
  let total = 0;
  const buckets = measured.boundsMs.map((boundMs, index): Sample => {
    total += measured.counts[index] ?? 0;
    return { suffix: "_bucket", labels: { ...labels, le: String(boundMs / 1000) }, value: total };
  });
  total += measured.counts[measured.boundsMs.length] ?? 0;
  return [
    ...buckets,
    { suffix: "_bucket", labels: { ...labels, le: "+Inf" }, value: total },
    { suffix: "_sum", labels, value: measured.sumMs / 1000 },
    { suffix: "_count", labels, value: total },
  ];
}
