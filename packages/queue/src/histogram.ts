import type { DurationHistogram, Percentiles } from "./queue.ts";

/** Buckets grow by a factor of 2^(1/4), so a percentile read from them is at most 19 % too high. */
const BUCKETS_PER_DOUBLING = 4;
const LAST_BUCKET = 120;

/** The bucket of a duration: 0 for less than a millisecond. The same as `bucket_of` in lua/series.lua. */
export function bucketOf(ms: number): number {
  if (ms < 1) return 0;
  return Math.min(LAST_BUCKET, 1 + Math.floor(Math.log2(ms) * BUCKETS_PER_DOUBLING));
}

/** The longest duration of a bucket, in milliseconds. */
export function boundOf(bucket: number): number {
  return bucket === 0 ? 1 : Math.round(2 ** (bucket / BUCKETS_PER_DOUBLING) * 1000) / 1000;
}

/** Counts per bucket, only those that are not zero. */
export type Buckets = Map<number, number>;

export function percentilesOf(buckets: Buckets): Percentiles {
  const ordered = [...buckets].sort(([a], [b]) => a - b);
  const total = ordered.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return {};
  const at = (fraction: number): number => {
    let seen = 0;
    for (const [bucket, count] of ordered) {
      seen += count;
      if (seen >= fraction * total) return boundOf(bucket);
    }
    return boundOf(LAST_BUCKET);
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

const exportedBounds = [5, 10, 25, 50, 100, 250, 500, 1e3, 2.5e3, 5e3, 10e3, 30e3, 60e3, 300e3, 1800e3];

/** The same counts in the coarser, round bounds that scrapers like. A bucket is counted where its upper bound lies. */
export function histogramOf(buckets: Buckets, sumMs: number): DurationHistogram {
  const counts = Array.from({ length: exportedBounds.length + 1 }, () => 0);
  for (const [bucket, count] of buckets) {
    const found = exportedBounds.findIndex((bound) => boundOf(bucket) <= bound);
    const index = found === -1 ? exportedBounds.length : found;
    counts[index] = (counts[index] ?? 0) + count;
  }
  return { boundsMs: exportedBounds, counts, sumMs };
}
