import type { WorkerMetadata, WorkerVitals } from "@imgq/registry";

export function metadata(overrides: Partial<WorkerMetadata> = {}): WorkerMetadata {
  return {
    hostname: "here",
    pid: 1,
    startedAt: 1000,
    queues: ["images"],
    concurrency: 2,
    versions: { imgq: "1.0.0" },
    labels: {},
    ...overrides,
  };
}

export function vitals(overrides: Partial<WorkerVitals> = {}): WorkerVitals {
  return {
    state: "running",
    slots: 4,
    busySlots: 1,
    tasks: [{ id: "task-1", queue: "images", attempt: 1, elapsedMs: 250 }],
    totals: { completed: 1, failed: 2, retried: 3, released: 4, lost: 5 },
    tasksPerMinute: 12.5,
    memory: { rssBytes: 100, heapUsedBytes: 50, externalBytes: 25 },
    eventLoopDelayMs: { p50: 0.5, p99: 12 },
    cpuPercent: 80.5,
    redisRoundTripMs: 0.75,
    scripts: { "queue cycle": { calls: 7, totalMs: 3.25 } },
    counters: { imageBytes: 12 },
    ...overrides,
  };
}
