import type { ScriptTimes } from "@imgq/core/redis";
import type { Snapshot } from "@imgq/monitor";
import { queueSnapshot, snapshotOf } from "./builders.ts";

const measured = { boundsMs: [10, 100, 1000], counts: [1, 2, 0, 4], sumMs: 12_500 };

/** A snapshot in which every metric has a sample. */
export const everything: Snapshot = snapshotOf({
  queues: [
    queueSnapshot({
      etaMs: 1000,
      deadByReason: { exhausted: 2, "invalid-input": 1 },
      recent: {
        windowMs: 300_000,
        completedPerMinute: 60,
        failedPerMinute: 1,
        failureRate: 1 / 61,
        wait: { p50: 5, p95: 50, p99: 500 },
        run: { p50: 40, p95: 90, p99: 400 },
      },
      histograms: { wait: measured, run: measured },
    }),
    queueSnapshot({ name: "thumbnails" }),
  ],
});

/** Scripts that the process has called. */
export const someScripts: readonly ScriptTimes[] = [
  { name: "registry read", calls: 3, totalMs: 4.5, counts: [0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1] },
];
