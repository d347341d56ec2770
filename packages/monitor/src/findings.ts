import type { RedisUp, Snapshot } from "./snapshot.ts";

/** One thing that was looked at, and what to do about it. */
export interface Finding {
  /** Stable name, such as `redis-policy`. */
  readonly check: string;
  readonly level: "ok" | "warning" | "error";
  readonly summary: string;
  /** What to do; absent when all is well. */
  readonly remedy?: string;
}

/** What a snapshot tells about the health of the installation: Redis' settings, and workers that do not fit together. */
export function findingsOf(snapshot: Snapshot): readonly Finding[] {
  const { redis } = snapshot;
  if (redis === undefined) {
    return [
      {
        check: "redis",
        level: "warning",
        summary: "Tasks live in this process' memory and are lost when it ends.",
        remedy: "Give the queue a Redis address.",
      },
      ...workerFindings(snapshot),
    ];
  }
  if (!redis.reachable) {
    return [
      {
        check: "redis",
        level: "error",
        summary: `Redis is unreachable: ${redis.error.message}`,
        remedy: "Start Redis, or correct its address.",
      },
    ];
  }
  return [...redisFindings(redis), ...workerFindings(snapshot)];
}

function redisFindings(redis: RedisUp): Finding[] {
  const { server, version, policy, roundTripMs, usedMemoryBytes, maxMemoryBytes } = redis;
  const oldest = server === "valkey" ? "7.2" : "6.2";
  const used = maxMemoryBytes === 0 ? 0 : usedMemoryBytes / maxMemoryBytes;
  return [
    finding(
      "redis-version",
      atLeast(version, oldest) ? "ok" : "error",
      `${server} ${version}`,
      `Use ${server} ${oldest} or newer.`,
    ),
    finding(
      "redis-policy",
      policy === "noeviction" || policy === "" ? "ok" : "error",
      `maxmemory-policy is ${policy === "" ? "unknown" : policy}`,
      "Run CONFIG SET maxmemory-policy noeviction and set it in redis.conf: other policies throw tasks away.",
    ),
    finding(
      "redis-memory",
      used > 0.95 ? "error" : used > 0.8 ? "warning" : "ok",
      maxMemoryBytes === 0
        ? `${mebibytes(usedMemoryBytes)} in use, no limit`
        : `${mebibytes(usedMemoryBytes)} of ${mebibytes(maxMemoryBytes)} in use (${Math.round(used * 100)} %)`,
      "Raise maxmemory, or purge completed and dead tasks.",
    ),
    finding(
      "redis-persistence",
      !redis.persistenceOk ? "error" : redis.appendOnly ? "ok" : "warning",
      !redis.persistenceOk
        ? "The last save to disk failed"
        : redis.appendOnly
          ? "The append-only file is on"
          : "The append-only file is off: tasks added since the last snapshot are lost in a crash",
      redis.persistenceOk
        ? "Set appendonly yes in redis.conf."
        : "Free disk space on the machine of Redis and look into its log.",
    ),
    finding(
      "redis-role",
      redis.role === "slave" ? "error" : "ok",
      redis.role === "slave" ? "Connected to a replica" : `Connected to a ${redis.role || "server"}`,
      "Connect to the primary, or through Sentinel.",
    ),
    finding(
      "redis-round-trip",
      roundTripMs > 50 ? "warning" : "ok",
      `A round trip takes ${roundTripMs.toFixed(1)} ms`,
      "Bring Redis and the workers closer together, or look for slow commands with SLOWLOG GET.",
    ),
  ];
}

function workerFindings(snapshot: Snapshot): Finding[] {
  const alive = snapshot.workers.list.filter((worker) => worker.alive);
  const versions = new Set(alive.map((worker) => worker.metadata.versions.imgq ?? "unknown"));
  const wedged = alive.filter((worker) => worker.state === "wedged").map((worker) => worker.id);
  const unserved = snapshot.queues
    .map((queue) => queue.name)
    .filter((name) => !alive.some((worker) => worker.metadata.queues.includes(name)));
  return [
    finding(
      "workers-queues",
      unserved.length > 0 ? "warning" : "ok",
      unserved.length > 0 ? `No worker serves ${unserved.join(", ")}` : "Each queue has a worker",
      "Start a worker: imgq worker.",
    ),
    finding(
      "workers-versions",
      versions.size > 1 ? "warning" : "ok",
      versions.size > 1
        ? `Workers run different versions of imgq: ${[...versions].join(", ")}`
        : "All workers run the same version of imgq",
      "Finish the deployment.",
    ),
    finding(
      "workers-wedged",
      wedged.length > 0 ? "error" : "ok",
      wedged.length > 0 ? `The main loop of ${wedged.join(", ")} does not turn` : "No worker is wedged",
      "Look for a filter that blocks, and stop these workers.",
    ),
  ];
}

function finding(check: string, level: Finding["level"], summary: string, remedy: string): Finding {
  return level === "ok" ? { check, level, summary } : { check, level, summary, remedy };
}

/** Whether `version` (7.0.15) is at least `oldest` (6.2); an unreadable one passes. */
function atLeast(version: string, oldest: string): boolean {
  const [major = Number.NaN, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split(".").map(Number);
  if (Number.isNaN(major)) return true;
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
