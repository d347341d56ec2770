import { type Percentiles, taskStates } from "@imgq/queue";
import type { QueueSnapshot, Snapshot } from "../snapshot.ts";
import type { MetricFamily, Sample } from "./exposition.ts";
import { histogramSamples } from "./histogram-samples.ts";

/** What Prometheus is told about queues. Numbers of a queue that cannot be read now are left out: stale ones would look alive. */
export function queueMetrics(snapshot: Snapshot): readonly MetricFamily[] {
  const fresh = snapshot.queues.filter((queue) => !queue.stale);
  const each = (samples: (queue: QueueSnapshot) => readonly Sample[]): Sample[] =>
    fresh.flatMap((queue) =>
      samples(queue).map((sample) => ({ ...sample, labels: { queue: queue.name, ...sample.labels } })),
    );
  const one = (value: (queue: QueueSnapshot) => number | undefined): Sample[] =>
    each((queue) => {
      const known = value(queue);
      return known === undefined ? [] : [{ value: known }];
    });

  return [
    {
      name: "imgq_queue_up",
      type: "gauge",
      help: "1 when the queue could be read, 0 when not.",
      samples: snapshot.queues.map((queue) => ({
        labels: { queue: queue.name },
        value: queue.stale ? 0 : 1,
      })),
    },
    {
      name: "imgq_tasks",
      type: "gauge",
      help: "Tasks by state now.",
      samples: each((queue) =>
        taskStates.map((state) => ({ labels: { state }, value: queue.counts[state] })),
      ),
    },
    {
      name: "imgq_queue_paused",
      type: "gauge",
      help: "1 while nothing may be claimed.",
      samples: one((queue) => (queue.paused ? 1 : 0)),
    },
    {
      name: "imgq_queue_backlog",
      type: "gauge",
      help: "Tasks waiting or running now.",
      samples: one((queue) => queue.backlog),
    },
    {
      name: "imgq_queue_backlog_eta_seconds",
      type: "gauge",
      help: "Seconds until the backlog is done at the recent rate; absent while nothing completes.",
      samples: one((queue) => (queue.etaMs === undefined ? undefined : queue.etaMs / 1000)),
    },
    {
      name: "imgq_queue_oldest_pending_age_seconds",
      type: "gauge",
      help: "Age of the oldest task that could be claimed now; 0 when there is none.",
      samples: one((queue) => queue.oldestPendingAgeMs / 1000),
    },
    {
      name: "imgq_queue_since_progress_seconds",
      type: "gauge",
      help: "Seconds since an attempt last ended while there was work; 0 without a backlog.",
      samples: one((queue) => queue.sinceProgressMs / 1000),
    },
    {
      name: "imgq_tasks_added_total",
      type: "counter",
      help: "Tasks added.",
      samples: one((queue) => queue.totals.added),
    },
    {
      name: "imgq_tasks_cancelled_total",
      type: "counter",
      help: "Tasks cancelled.",
      samples: one((queue) => queue.totals.cancelled),
    },
    {
      name: "imgq_tasks_dead_total",
      type: "counter",
      help: "Tasks that went to the dead letters.",
      samples: one((queue) => queue.totals.dead),
    },
    {
      name: "imgq_dead_letters",
      type: "gauge",
      help: "Dead tasks by reason now.",
      samples: each((queue) =>
        Object.entries(queue.deadByReason).map(([reason, value]) => ({ labels: { reason }, value })),
      ),
    },
    {
      name: "imgq_tasks_redriven_total",
      type: "counter",
      help: "Dead tasks that were given new attempts.",
      samples: one((queue) => queue.totals.redriven),
    },
    {
      name: "imgq_tasks_recovered_total",
      type: "counter",
      help: "Tasks taken back from workers that died or hung.",
      samples: one((queue) => queue.totals.recovered),
    },
    {
      name: "imgq_attempts_total",
      type: "counter",
      help: "Ended attempts by outcome.",
      samples: each(({ totals }) => [
        { labels: { outcome: "completed" }, value: totals.completed },
        { labels: { outcome: "failed" }, value: totals.failed },
        { labels: { outcome: "lost" }, value: totals.lost },
        { labels: { outcome: "released" }, value: totals.released },
      ]),
    },
    {
      name: "imgq_retries_total",
      type: "counter",
      help: "Failed attempts that are tried again.",
      samples: one((queue) => queue.totals.retried),
    },
    {
      name: "imgq_results_refused_total",
      type: "counter",
      help: "Late results refused because the lease was lost.",
      samples: one((queue) => queue.totals.leaseLost),
    },
    {
      name: "imgq_failure_ratio",
      type: "gauge",
      help: "Failed attempts divided by ended attempts, lately.",
      samples: one((queue) => queue.recent.failureRate),
    },
    {
      name: "imgq_task_wait_recent_seconds",
      type: "summary",
      help: "Time from due to claimed at a quantile, lately.",
      samples: each((queue) => quantiles(queue.recent.wait)),
    },
    {
      name: "imgq_task_run_recent_seconds",
      type: "summary",
      help: "Time from claimed to settled at a quantile, lately.",
      samples: each((queue) => quantiles(queue.recent.run)),
    },
    {
      name: "imgq_task_wait_seconds",
      type: "histogram",
      help: "Time from due to claimed.",
      samples: each((queue) => histogramSamples(queue.histograms?.wait)),
    },
    {
      name: "imgq_task_run_seconds",
      type: "histogram",
      help: "Time from claimed to settled.",
      samples: each((queue) => histogramSamples(queue.histograms?.run)),
    },
  ];
}

function quantiles({ p50, p95, p99 }: Percentiles): Sample[] {
  return [["0.5", p50] as const, ["0.95", p95] as const, ["0.99", p99] as const].flatMap(([quantile, ms]) =>
    ms === undefined ? [] : [{ labels: { quantile }, value: ms / 1000 }],
  );
}
