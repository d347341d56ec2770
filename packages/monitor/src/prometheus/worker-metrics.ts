import { type ScriptTotals, type WorkerRecord, workerStates, type WorkerVitals } from "@imgq/registry";
import type { Snapshot } from "../snapshot.ts";
import type { MetricFamily, Sample } from "./exposition.ts";

/** What Prometheus is told about workers. Vitals only of those alive, so that ended ones do not linger as series. */
export function workerMetrics({ workers }: Snapshot): readonly MetricFamily[] {
  if (workers.stale) return [];
  const alive = workers.list.filter((worker) => worker.alive);
  const each = (samples: (vitals: WorkerVitals, worker: WorkerRecord) => readonly Sample[]): Sample[] =>
    alive.flatMap((worker) =>
      worker.vitals === undefined
        ? []
        : samples(worker.vitals, worker).map((sample) => ({
            ...sample,
            labels: { worker: worker.id, ...sample.labels },
          })),
    );

  return [
    {
      name: "imgq_workers",
      type: "gauge",
      help: "Known workers by state now.",
      samples: workerStates.map((state) => ({ labels: { state }, value: workers.byState[state] })),
    },
    {
      name: "imgq_worker_slots",
      type: "gauge",
      help: "Units of concurrency of a worker.",
      samples: each((vitals) => [{ value: vitals.slots }]),
    },
    {
      name: "imgq_worker_busy_slots",
      type: "gauge",
      help: "Units of concurrency of a worker in use now.",
      samples: each((vitals) => [{ value: vitals.busySlots }]),
    },
    {
      name: "imgq_worker_heartbeat_age_seconds",
      type: "gauge",
      help: "Time since the last beat of a worker.",
      samples: each((_, worker) => [{ value: worker.timeSinceHeartbeatMs / 1000 }]),
    },
    {
      name: "imgq_worker_attempts_total",
      type: "counter",
      help: "Attempts that ended on a worker since it started, by outcome.",
      samples: each(({ totals }) => [
        { labels: { outcome: "completed" }, value: totals.completed },
        { labels: { outcome: "failed" }, value: totals.failed },
        { labels: { outcome: "released" }, value: totals.released },
      ]),
    },
    {
      name: "imgq_worker_leases_lost_total",
      type: "counter",
      help: "Tasks that were given to others because the worker's lease ran out.",
      samples: each(({ totals }) => [{ value: totals.lost }]),
    },
    {
      name: "imgq_worker_resident_memory_bytes",
      type: "gauge",
      help: "Resident memory of a worker.",
      samples: each(({ memory }) => [{ value: memory.rssBytes }]),
    },
    {
      name: "imgq_worker_heap_used_bytes",
      type: "gauge",
      help: "JavaScript heap of a worker in use.",
      samples: each(({ memory }) => [{ value: memory.heapUsedBytes }]),
    },
    {
      name: "imgq_worker_cpu_cores",
      type: "gauge",
      help: "Processor cores a worker keeps busy.",
      samples: each((vitals) => [{ value: vitals.cpuPercent / 100 }]),
    },
    {
      name: "imgq_worker_event_loop_delay_seconds",
      type: "summary",
      help: "How late timers of a worker's main loop are, at a quantile.",
      samples: each(({ eventLoopDelayMs }) => [
        { labels: { quantile: "0.5" }, value: eventLoopDelayMs.p50 / 1000 },
        { labels: { quantile: "0.99" }, value: eventLoopDelayMs.p99 / 1000 },
      ]),
    },
    {
      name: "imgq_worker_redis_round_trip_seconds",
      type: "gauge",
      help: "Time of a worker's last call to Redis.",
      samples: each(({ redisRoundTripMs }) =>
        redisRoundTripMs === undefined ? [] : [{ value: redisRoundTripMs / 1000 }],
      ),
    },
    {
      name: "imgq_worker_script_calls_total",
      type: "counter",
      help: "Calls of a script by a worker's main loop since it started.",
      samples: each((vitals) => scripts(vitals, ({ calls }) => calls)),
    },
    {
      name: "imgq_worker_script_seconds_total",
      type: "counter",
      help: "Time the calls of a script took, as the worker's main loop saw it.",
      samples: each((vitals) => scripts(vitals, ({ totalMs }) => totalMs / 1000)),
    },
    {
      name: "imgq_image_bytes_total",
      type: "counter",
      help: "Bytes of pictures read by a worker since it started.",
      samples: each((vitals) => counter(vitals, "imageBytes")),
    },
    {
      name: "imgq_image_pixels_total",
      type: "counter",
      help: "Pixels of pictures read by a worker since it started.",
      samples: each((vitals) => counter(vitals, "imagePixels")),
    },
  ];
}

function scripts({ scripts: told = {} }: WorkerVitals, value: (totals: ScriptTotals) => number): Sample[] {
  return Object.entries(told).map(([script, totals]) => ({ labels: { script }, value: value(totals) }));
}

function counter(vitals: WorkerVitals, name: string): Sample[] {
  const value = vitals.counters?.[name];
  return value === undefined ? [] : [{ value }];
}
