import {
  machineTimeMs,
  type NodeProcess,
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

interface LaneWorker {
  readonly id: string;
  readonly process: NodeProcess;
}

/**
 * Kills workers one after another and returns for each the milliseconds from the SIGKILL to its task running elsewhere.
 * One worker runs the task, another stands by: all settings are the defaults, so the time is that of noticing and claiming.
 */
export async function runLane(options: LaneOptions): Promise<number[]> {
  const scenario = await startScenario({ random: options.random });
  const taken: number[] = [];
  try {
    let started = 0;
    const start = (): Promise<LaneWorker> => startWorker(scenario, `lane-worker-${(started += 1)}`, options);
    let standby = await start();
    for (let kill = 0; kill < options.kills; kill += 1) {
      const victim = standby;
      const [id = ""] = await scenario.add({ do: "sleep", ms: 600_000 });
      await startOf(victim.process, id);
      standby = await start();
      // A kill may fall anywhere between two beats.
      await new Promise((resolve) => setTimeout(resolve, options.random.integer(0, 2000)));
      const killedAt = machineTimeMs();
      victim.process.signal("SIGKILL");
      const afterMs = (await startOf(standby.process, id)) - killedAt;
      taken.push(afterMs);
      options.onKill(afterMs);
      await scenario.queue.cancel(id);
      await scenario.drained();
    }
    return taken;
  } finally {
    await scenario.close();
  }
}

async function startWorker(scenario: Scenario, id: string, { supervised }: LaneOptions): Promise<LaneWorker> {
  const process = await scenario.startWorker({ id, concurrency: 1, throughProxy: false });
  if (supervised) {
    void process.ended.then(({ signal, code }) =>
      scenario.queue.workerLost(id, `ended by ${signal ?? code}`),
    );
  }
  return { id, process };
}

/** When the worker started the task, by the machine's clock, as it wrote down itself. */
async function startOf(worker: NodeProcess, taskId: string): Promise<number> {
  const { fields } = await worker.waitForLine(
    ({ fields: { event, id } }) => event === "run-started" && id === taskId,
    30_000,
  );
  return Number(fields.at);
}
