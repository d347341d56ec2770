import { MINUTE, SECOND } from "@imgq/core";
import type { QueueSnapshot, Snapshot } from "../snapshot.ts";
import type { AlertRule, Measurement } from "./rule.ts";

/** No worker is alive to do the tasks that are there. */
export const allWorkersDead: AlertRule = {
  name: "all-workers-dead",
  severity: "critical",
  measure: (snapshot) =>
    eachQueue(
      snapshot,
      (queue) => (aliveFor(snapshot, queue) > 0 ? 0 : queue.backlog),
      snapshot.workers.stale,
    ),
  above: 0,
  forMs: 5 * SECOND,
  clearForMs: 5 * SECOND,
  describe: ({ subject, value }) =>
    `No worker is alive for queue ${subject} while ${tasks(value)} ${value === 1 ? "waits" : "wait"}. Start one: imgq worker.`,
};

/** More than ten tasks were given up. */
export const deadLetters: AlertRule = {
  name: "dead-letters",
  severity: "warning",
  measure: (snapshot) => eachQueue(snapshot, (queue) => queue.counts.dead),
  above: 10,
  clearAt: 8,
  describe: ({ subject, value }) =>
    `Queue ${subject} has ${value} dead letters. Look at their errors, then redrive or purge them.`,
};

/** More than half of the recent attempts failed. */
export const failureRate: AlertRule = {
  name: "failure-rate",
  severity: "critical",
  measure: (snapshot) =>
    eachQueue(snapshot, (queue) => queue.recent.failureRate).map((each) => ({
      ...each,
      sample: endedLately(snapshot, each.subject),
    })),
  above: 0.5,
  clearAt: 0.4,
  forMs: 10 * SECOND,
  clearForMs: 30 * SECOND,
  minimumSample: 20,
  describe: ({ subject, value }) =>
    `${Math.round(value * 100)} % of the recent attempts of queue ${subject} failed. Look at the last errors.`,
};

/** A task has been waiting for long. A paused queue waits on purpose. */
export const oldestPending: AlertRule = {
  name: "oldest-pending",
  severity: "warning",
  measure: (snapshot) => eachQueue(snapshot, (queue) => (queue.paused ? 0 : queue.oldestPendingAgeMs)),
  above: 5 * MINUTE,
  clearAt: 2.5 * MINUTE,
  forMs: 10 * SECOND,
  clearForMs: 10 * SECOND,
  describe: ({ subject, value }) =>
    `The oldest task of queue ${subject} has been waiting for ${minutes(value)}. Add workers, or look for what holds them up.`,
};

/** Work is there and workers are alive, but nothing ends. Busy workers are allowed the default task timeout. */
export const noProgress: AlertRule = {
  name: "no-progress",
  severity: "critical",
  measure: (snapshot) =>
    eachQueue(
      snapshot,
      (queue) =>
        aliveFor(snapshot, queue) === 0
          ? 0
          : queue.sinceProgressMs - (freeSlotsFor(snapshot, queue) > 0 ? 0 : 5 * MINUTE),
      snapshot.workers.stale,
    ),
  above: 2 * MINUTE,
  clearAt: 10 * SECOND,
  describe: ({ subject }) =>
    `Workers are alive for queue ${subject} and tasks wait, but nothing ends. Look at what the workers do; restart those that are stuck.`,
};

/** Redis does not answer. */
export const redisDown: AlertRule = {
  name: "redis-down",
  severity: "critical",
  measure: ({ redis }) =>
    redis === undefined ? [] : [{ subject: "system", value: redis.reachable ? 0 : 1 }],
  above: 0,
  forMs: 5 * SECOND,
  clearForMs: 5 * SECOND,
  describe: () => "Redis is unreachable. Nothing is added, claimed or settled until it is back.",
};

/** Redis is about to refuse new tasks. */
export const redisMemory: AlertRule = {
  name: "redis-memory",
  severity: "warning",
  measure: ({ redis }) => {
    if (redis === undefined) return [];
    if (!redis.reachable) return [{ subject: "system", value: undefined }];
    const { usedMemoryBytes, maxMemoryBytes } = redis;
    return [{ subject: "system", value: maxMemoryBytes === 0 ? 0 : usedMemoryBytes / maxMemoryBytes }];
  },
  above: 0.9,
  clearAt: 0.8,
  forMs: 10 * SECOND,
  describe: ({ value }) =>
    `Redis uses ${Math.round(value * 100)} % of its memory limit. Raise maxmemory, or purge completed and dead tasks.`,
};

/** The main loop of a worker does not turn. */
export const workerWedged: AlertRule = {
  name: "worker-wedged",
  severity: "warning",
  measure: ({ workers }) =>
    workers.list
      .filter((worker) => worker.alive)
      .map((worker) => ({
        subject: worker.id,
        value: workers.stale ? undefined : worker.state === "wedged" ? 1 : 0,
      })),
  above: 0,
  forMs: 10 * SECOND,
  clearForMs: 10 * SECOND,
  describe: ({ subject }) => `The main loop of worker ${subject} does not turn. A filter blocks it.`,
};

/** What should wake somebody, with the limits of the original where it had one. */
export const defaultRules: readonly AlertRule[] = [
  allWorkersDead,
  deadLetters,
  failureRate,
  oldestPending,
  noProgress,
  redisDown,
  redisMemory,
  workerWedged,
];

function eachQueue(
  snapshot: Snapshot,
  value: (queue: QueueSnapshot) => number,
  unknown = false,
): readonly Measurement[] {
  return snapshot.queues.map((queue) => ({
    subject: queue.name,
    value: queue.stale || unknown ? undefined : value(queue),
  }));
}

function endedLately(snapshot: Snapshot, name: string): number {
  const recent = snapshot.queues.find((queue) => queue.name === name)?.recent;
  if (recent === undefined) return 0;
  return Math.round((recent.completedPerMinute + recent.failedPerMinute) * (recent.windowMs / MINUTE));
}

function aliveFor(snapshot: Snapshot, queue: QueueSnapshot): number {
  return workersOf(snapshot, queue).length;
}

function freeSlotsFor(snapshot: Snapshot, queue: QueueSnapshot): number {
  return workersOf(snapshot, queue)
    .filter((worker) => worker.state === "running")
    .reduce((sum, { vitals }) => sum + (vitals === undefined ? 0 : vitals.slots - vitals.busySlots), 0);
}

function workersOf({ workers }: Snapshot, queue: QueueSnapshot): Snapshot["workers"]["list"] {
  return workers.list.filter((worker) => worker.alive && worker.metadata.queues.includes(queue.name));
}

function tasks(count: number): string {
  return count === 1 ? "1 task" : `${count} tasks`;
}

function minutes(ms: number): string {
  const whole = Math.round(ms / MINUTE);
  return whole === 1 ? "1 minute" : `${whole} minutes`;
}
