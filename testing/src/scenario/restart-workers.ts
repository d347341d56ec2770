import type { NodeProcess } from "../node-process.ts";
import type { Scenario, WorkerStart } from "./scenario.ts";

/** Keeps `count` workers running, as any supervisor does: one that dies is started again. */
export interface RestartedWorkers {
  readonly restarts: number;
  /** Starts no more; those that run go on. */
  stop(): Promise<void>;
}

export async function restartWorkers(
  scenario: Scenario,
  count: number,
  options: WorkerStart = {},
): Promise<RestartedWorkers> {
  let restarts = 0;
  let stopped = false;
  const starting = new Set<Promise<void>>();
  const track = (start: Promise<void>): void => {
    starting.add(start);
    void start.finally(() => starting.delete(start));
  };
  const keep = (worker: NodeProcess): void => {
    void worker.ended.then(({ code, signal }) => {
      if (stopped) return;
      restarts += 1;
      scenario.record(`worker-died-of-${signal ?? code}`, worker);
      track(scenario.startWorker(options).then(keep));
    });
  };
  for (let started = 0; started < count; started += 1) keep(await scenario.startWorker(options));
  return {
    get restarts() {
      return restarts;
    },
    stop: async () => {
      stopped = true;
      await Promise.allSettled(starting);
    },
  };
}
