import { type RedisSource, scriptTimes } from "@imgq/core/redis";
import { silentLogger, systemClock } from "@imgq/core";
import type { QueueStats } from "@imgq/queue";
import type { Registry } from "@imgq/registry";
import { type Backlog, backlogOf } from "./backlog.ts";
import { checkMonitorOptions, monitorDefaults, type MonitorOptions, redisOf } from "./options.ts";
import { ProgressWatch } from "./progress-watch.ts";
import { renderPrometheus } from "./prometheus/metrics.ts";
import { type Known, Reading } from "./reading.ts";
import { RedisProbe } from "./redis-probe.ts";
import type { QueueSnapshot, RedisHealth, RedisUp, Snapshot } from "./snapshot.ts";
import { type KnownWorkers, workersSnapshot } from "./workers-snapshot.ts";

/** Looks at the whole system. One look costs one round trip per queue, whatever the queue holds. */
export interface Monitor {
  /** The Redis it reports on; undefined in memory. */
  readonly redis?: RedisSource;
  /**
   * Never rejects and never waits longer than twice `deadlineMs`: while Redis is away it resolves with
   * `redis.reachable: false` and the last known numbers. Calls made while a look is under way share it.
   */
  snapshot(): Promise<Snapshot>;
  /** A snapshot, and how long this process' calls of scripts took, in Prometheus' text format; docs/metrics.md lists the names. */
  prometheus(): Promise<string>;
  backlog(): Promise<Backlog>;
  /** Ends the monitor's own connection. The queues and the registry stay open. */
  close(): Promise<void>;
}

export function createMonitor(options: MonitorOptions): Monitor {
  checkMonitorOptions(options);
  return new SystemMonitor(options);
}

interface WatchedQueue {
  readonly reading: Reading<QueueStats>;
  readonly progress: ProgressWatch;
}

class SystemMonitor implements Monitor {
  readonly redis?: RedisSource;
  readonly #clock: NonNullable<MonitorOptions["clock"]>;
  readonly #probe: RedisProbe | undefined;
  readonly #redis: Reading<RedisUp> | undefined;
  readonly #workers: Reading<KnownWorkers>;
  readonly #queues: readonly WatchedQueue[];
  #downSince: number | undefined;
  #underWay: Promise<Snapshot> | undefined;

  constructor(options: MonitorOptions) {
    const { deadlineMs = monitorDefaults.deadlineMs, log = silentLogger, registry } = options;
    this.#clock = options.clock ?? systemClock;
    const source = redisOf(options);
    if (source !== undefined) {
      this.redis = source;
      const probe = new RedisProbe(source, deadlineMs, log);
      this.#probe = probe;
      this.#redis = new Reading("Redis", deadlineMs, () => probe.look());
    }
    this.#workers = new Reading("the registry", deadlineMs, () => readWorkers(registry));
    this.#queues = options.queues.map((queue) => ({
      reading: new Reading(`queue ${queue.name}`, deadlineMs, () => queue.stats()),
      progress: new ProgressWatch(),
    }));
  }

  snapshot(): Promise<Snapshot> {
    this.#underWay ??= this.#look().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async prometheus(): Promise<string> {
    return renderPrometheus(await this.snapshot(), scriptTimes());
  }

  async backlog(): Promise<Backlog> {
    return backlogOf(await this.snapshot());
  }

  async close(): Promise<void> {
    await this.#probe?.close();
  }

  async #look(): Promise<Snapshot> {
    const startedAt = this.#clock.monotonic();
    const [redis, workers, ...queues] = await Promise.all([
      this.#redis?.take(),
      this.#workers.take(),
      ...this.#queues.map(async (queue) => this.#queueSnapshot(queue, await queue.reading.take())),
    ]);
    const health = redis === undefined ? undefined : this.#health(redis);
    return {
      at: this.#clock.now(),
      tookMs: this.#clock.monotonic() - startedAt,
      ...(health === undefined ? {} : { redis: health }),
      queues: queues.filter((queue) => queue !== undefined),
      workers: workersSnapshot(workers),
    };
  }

  #health(known: Known<RedisUp>): RedisHealth {
    if (known.error === undefined && known.value !== undefined) {
      this.#downSince = undefined;
      return known.value;
    }
    this.#downSince ??= this.#clock.now();
    const error = known.error ?? { name: "Error", message: "Redis gave no answer." };
    return { reachable: false, error, since: this.#downSince };
  }

  #queueSnapshot(queue: WatchedQueue, known: Known<QueueStats>): QueueSnapshot | undefined {
    const stats = known.value;
    if (stats === undefined) return undefined;
    const stale = known.error !== undefined;
    const backlog = stats.counts.pending + stats.counts.processing;
    const etaMs = etaOf(backlog, stats.recent.completedPerMinute);
    return {
      ...stats,
      stale,
      ...(known.error === undefined ? {} : { error: known.error }),
      backlog,
      ...(etaMs === undefined ? {} : { etaMs }),
      // Nothing can be said about progress while nothing can be seen.
      sinceProgressMs: stale ? 0 : queue.progress.sinceProgressMs(stats, this.#clock.monotonic()),
    };
  }
}

/** Ended workers shown; the registry remembers more. */
const MAX_ENDED = 50;

async function readWorkers(registry: Registry | undefined): Promise<KnownWorkers> {
  if (registry === undefined) return { list: [], ended: [] };
  const [list, ended] = await Promise.all([registry.list(), registry.ended()]);
  return { list, ended: ended.slice(0, MAX_ENDED) };
}

function etaOf(backlog: number, completedPerMinute: number): number | undefined {
  if (backlog === 0) return 0;
  return completedPerMinute > 0 ? (backlog / completedPerMinute) * 60_000 : undefined;
}
