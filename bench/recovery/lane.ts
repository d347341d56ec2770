import {
  eventually,
  type HistoryEvent,
  machineTimeMs,
  type Scenario,
  type SeededRandom,
  startScenario,
} from "@imgq/testing/scenario";

export interface LaneOptions {
  readonly kills: number;
  /** Whether a parent sees the death and says so in Redis. */
  readonly supervised: boolean;
  readonly random: SeededRandom;
  readonly onKill: (recoveredAfterMs: number) => void;
}

/**
 * Kills workers one after another and returns for each the milliseconds from the SIGKILL to its task running elsewhere.
 * One worker runs the task, another stands by: all settings are the defaults, so the time is that of noticing and claiming.
 */
export async function runLane(options: LaneOptions): Promise<number[]> {
  const scenario = await startScenario({ random: options.random });
  const taken: number[] = [];
  try {
    if (options.supervised) await scenario.startSupervisor(2, { concurrency: 1 });
    else await startWorker(scenario);
    for (let kill = 0; kill < options.kills; kill += 1) {
      if (!options.supervised) await startWorker(scenario);
      await warmUp(scenario);
      const [id = ""] = await scenario.add({ do: "sleep", ms: 600_000 });
      const first = await startOf(scenario, id);
      // A kill may fall anywhere between two beats.
      await new Promise((resolve) => setTimeout(resolve, options.random.integer(0, 2000)));
      const killedAt = machineTimeMs();
      process.kill(first.pid, "SIGKILL");
      const again = await startOf(scenario, id, first.pid);
      taken.push(again.at - killedAt);
      options.onKill(again.at - killedAt);
      await scenario.queue.cancel(id);
      await scenario.drained();
    }
    return taken;
  } finally {
    await scenario.close();
  }
}

function startWorker(scenario: Scenario): Promise<unknown> {
  return scenario.startWorker({ concurrency: 1, throughProxy: false });
}

/**
 * Resolves when two workers are alive and each has finished a task: the one that takes over must not be starting yet, and a
 * supervisor starts a child that dies without having done anything later each time.
 */
async function warmUp(scenario: Scenario): Promise<void> {
  await eventually(
    "two workers have worked",
    async () => {
      const workers = await scenario.registry.active();
      const running = workers.filter(({ state }) => state === "running");
      if (running.length < 2) return false;
      if (running.every(({ metadata }) => hasWorked(scenario, metadata.pid))) return true;
      // Long enough that both have to take one.
      await scenario.add({ do: "sleep", ms: 300 }, 2);
      await scenario.drained();
      return false;
    },
    { timeoutMs: 120_000 },
  );
}

function hasWorked(scenario: Scenario, pid: number): boolean {
  return scenario
    .history()
    .some((event) => event.kind === "settle" && event.reply === "ok" && event.pid === pid);
}

/** When and where the task was started, as the worker wrote down itself, other than in the process `not`. */
function startOf(scenario: Scenario, taskId: string, not?: number): Promise<HistoryEvent> {
  const matches = (event: HistoryEvent): boolean =>
    event.kind === "run" && event.phase === "started" && event.id === taskId && event.pid !== not;
  return eventually("the task runs", () => scenario.history().find(matches), { timeoutMs: 60_000 });
}
