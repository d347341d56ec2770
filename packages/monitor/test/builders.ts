import type { QueueSnapshot, RedisUp, Snapshot } from "@imgq/monitor";
import type { WorkerRecord } from "@imgq/registry";
import { workersSnapshot } from "../src/workers-snapshot.ts";

/** A healthy queue with nothing to do, and whatever a test wants different. */
export function queueSnapshot(overrides: Partial<QueueSnapshot> = {}): QueueSnapshot {
  return {
    name: "images",
    counts: { scheduled: 0, pending: 0, processing: 0, completed: 0, dead: 0, cancelled: 0 },
    paused: false,
    totals: {
      added: 0,
      completed: 0,
      failed: 0,
      dead: 0,
      retried: 0,
      released: 0,
      lost: 0,
      cancelled: 0,
      recovered: 0,
      redriven: 0,
      leaseLost: 0,
    },
    deadByReason: {},
    oldestPendingAgeMs: 0,
    recent: {
      windowMs: 300_000,
      completedPerMinute: 0,
      failedPerMinute: 0,
      failureRate: 0,
      wait: {},
      run: {},
    },
    at: 1_700_000_000_000,
    stale: false,
    backlog: 0,
    sinceProgressMs: 0,
    ...overrides,
  };
}

export function workerRecord(overrides: Partial<WorkerRecord> = {}): WorkerRecord {
  return {
    id: "worker-1",
    metadata: {
      hostname: "here",
      pid: 1,
      startedAt: 1000,
      queues: ["images"],
      concurrency: 2,
      versions: { imgq: "1.0.0" },
    },
    state: "running",
    alive: true,
    registeredAt: 1000,
    lastBeatAt: 2000,
    timeSinceHeartbeatMs: 250,
    vitals: {
      state: "running",
      slots: 2,
      busySlots: 1,
      tasks: [{ id: "task-1", queue: "images", attempt: 1, elapsedMs: 250 }],
      totals: { completed: 5, failed: 1, retried: 1, released: 0, lost: 0 },
      tasksPerMinute: 60,
      memory: { rssBytes: 100e6, heapUsedBytes: 20e6, externalBytes: 1e6 },
      eventLoopDelayMs: { p50: 0.5, p99: 12 },
      cpuPercent: 80,
      redisRoundTripMs: 0.5,
      scripts: { "queue cycle": { calls: 10, totalMs: 12.5 } },
      counters: { imageBytes: 12_345, imagePixels: 2_000_000 },
    },
    ...overrides,
  };
}

export const redisUp: RedisUp = {
  reachable: true,
  roundTripMs: 0.4,
  server: "redis",
  version: "7.0.15",
  role: "master",
  uptimeMs: 60_000,
  connectedClients: 4,
  usedMemoryBytes: 10 * 2 ** 20,
  maxMemoryBytes: 0,
  policy: "noeviction",
  appendOnly: true,
  persistenceOk: true,
  scripts: { calls: 10, totalMs: 3, percentiles: [{ quantile: 0.99, ms: 0.4 }] },
};

export interface SnapshotParts extends Partial<Omit<Snapshot, "workers">> {
  readonly workerList?: readonly WorkerRecord[];
  readonly workersStale?: boolean;
}

/** A healthy system with one idle queue and one worker. */
export function snapshotOf(parts: SnapshotParts = {}): Snapshot {
  const { workerList = [workerRecord()], workersStale = false, ...rest } = parts;
  return {
    at: 1_700_000_000_000,
    tookMs: 1,
    redis: redisUp,
    queues: [queueSnapshot()],
    workers: workersSnapshot({
      value: { list: workerList, ended: [] },
      ...(workersStale ? { error: { name: "Error", message: "away" } } : {}),
    }),
    ...rest,
  };
}
