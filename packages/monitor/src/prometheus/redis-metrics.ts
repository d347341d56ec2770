import type { RedisUp, Snapshot } from "../snapshot.ts";
import type { MetricFamily } from "./exposition.ts";

/** What Prometheus is told about Redis; nothing when everything is in memory. */
export function redisMetrics({ redis }: Snapshot): readonly MetricFamily[] {
  if (redis === undefined) return [];
  const up: MetricFamily = {
    name: "imgq_redis_up",
    type: "gauge",
    help: "1 when Redis answers, 0 when not.",
    samples: [{ value: redis.reachable ? 1 : 0 }],
  };
  return redis.reachable ? [up, ...ofServer(redis)] : [up];
}

function ofServer(redis: RedisUp): MetricFamily[] {
  return [
    {
      name: "imgq_redis_info",
      type: "gauge",
      help: "Always 1; the labels tell about the server.",
      samples: [
        {
          labels: { server: redis.server, version: redis.version, policy: redis.policy, role: redis.role },
          value: 1,
        },
      ],
    },
    {
      name: "imgq_redis_round_trip_seconds",
      type: "gauge",
      help: "Time of one PING from the monitor.",
      samples: [{ value: redis.roundTripMs / 1000 }],
    },
    {
      name: "imgq_redis_memory_used_bytes",
      type: "gauge",
      help: "Memory of Redis in use.",
      samples: [{ value: redis.usedMemoryBytes }],
    },
    {
      name: "imgq_redis_memory_max_bytes",
      type: "gauge",
      help: "Memory that Redis may use; 0 without a limit.",
      samples: [{ value: redis.maxMemoryBytes }],
    },
    {
      name: "imgq_redis_clients",
      type: "gauge",
      help: "Connections to Redis.",
      samples: [{ value: redis.connectedClients }],
    },
    {
      name: "imgq_redis_scripts_total",
      type: "counter",
      help: "Scripts run by Redis since it started, of imgq and of others.",
      samples: [{ value: redis.scripts.calls }],
    },
    {
      name: "imgq_redis_scripts_seconds_total",
      type: "counter",
      help: "Time Redis spent in scripts since it started.",
      samples: [{ value: redis.scripts.totalMs / 1000 }],
    },
    {
      name: "imgq_redis_script_seconds",
      type: "summary",
      help: "Time Redis spends in one script at a quantile, since it started; from Redis 7 on.",
      samples: redis.scripts.percentiles.map(({ quantile, ms }) => ({
        labels: { quantile: String(quantile) },
        value: ms / 1000,
      })),
    },
  ];
}
