import type { Supervisor } from "../supervisor/supervisor.ts";
import type { Worker, WorkerStats } from "../worker.ts";

/** The answer to a probe. */
export interface Health {
  readonly ok: boolean;
  /** In words for people: what is wrong, or that all is well. */
  readonly reason: string;
}

export interface HealthCheck {
  /** Whether the process should live on. Does not depend on Redis: starting afresh would not bring it back. */
  readonly live: () => Health;
  /** Whether it does its work now. */
  readonly ready: () => Health;
}

/** The health of one worker in this process. */
export function workerHealth(worker: Pick<Worker, "stats">): HealthCheck {
  return { live: () => judgeLife(worker.stats()), ready: () => judgeReadiness(worker.stats()) };
}

/**
 * The health of several workers in child processes. Live as long as no child is silent: the supervisor replaces those
 * that end or hang. Ready when one of them is.
 */
export function supervisorHealth(supervisor: Pick<Supervisor, "children">): HealthCheck {
  const reports = (): Facts[] => supervisor.children().flatMap(({ report }) => report ?? []);
  return {
    live: () => {
      const ill = reports()
        .map((report) => judgeSilence(report))
        .find(({ ok }) => !ok);
      return ill ?? { ok: true, reason: "the supervisor runs" };
    },
    ready: () => {
      const healths = reports().map((report) => judgeReadiness(report));
      return (
        healths.find(({ ok }) => ok) ?? healths[0] ?? { ok: false, reason: "no worker has reported yet" }
      );
    },
  };
}

type Facts = Pick<WorkerStats, "status" | "silentMs" | "silentAfterMs" | "reachesRedis">;

export function judgeLife(facts: Facts): Health {
  return facts.status === "stopped" ? { ok: false, reason: "the worker has stopped" } : judgeSilence(facts);
}

function judgeSilence({ status, silentMs, silentAfterMs }: Facts): Health {
  if (silentMs >= silentAfterMs) {
    return { ok: false, reason: `tasks are pending and nothing was claimed for ${seconds(silentMs)} s` };
  }
  return { ok: true, reason: `the worker is ${status}` };
}

export function judgeReadiness(facts: Facts): Health {
  if (facts.status !== "running") return { ok: false, reason: `the worker is ${facts.status}` };
  if (!facts.reachesRedis) return { ok: false, reason: "Redis takes no beats" };
  return judgeLife(facts);
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
