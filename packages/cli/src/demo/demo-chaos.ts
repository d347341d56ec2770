import { PeriodicService, type Service, silentLogger } from "@imgq/core";
import type { ImageTask } from "@imgq/pipeline";
import type { Queue } from "@imgq/queue";
import type { Supervisor } from "@imgq/worker";
import type { DemoPictures } from "./demo-pictures.ts";

/** Tasks that wait or run before no more are added. */
const enough = 30;
/** One task in so many is poison. */
const poisonEvery = 10;

const steps = [
  [{ filter: "grayscale", params: {} }],
  [{ filter: "blur", params: { sigma: 6 } }],
  [
    { filter: "brightness", params: { factor: 1.3 } },
    { filter: "blur", params: { sigma: 2 } },
  ],
  [
    { filter: "grayscale", params: {} },
    { filter: "blur", params: { sigma: 2 } },
    { filter: "edges", params: {} },
  ],
] as const;

/** Adds tasks as fast as they are done, a few of them poison. */
export function demoProducer(queue: Queue<ImageTask>, pictures: DemoPictures): Service {
  let added = 0;
  return new PeriodicService({
    name: "producer of the demo",
    intervalMs: 500,
    log: silentLogger,
    runOnce: async () => {
      const { pending, processing, scheduled } = await queue.counts();
      const wanted = Math.max(0, Math.min(10, enough - pending - processing - scheduled));
      const tasks = Array.from({ length: wanted }, () => ({ payload: taskNumber(added++, pictures) }));
      if (tasks.length > 0) await queue.addMany(tasks);
      return tasks.length;
    },
  });
}

function taskNumber(number: number, { good, poison }: DemoPictures): ImageTask {
  const from = number % poisonEvery === poisonEvery - 1 ? poison : good;
  return {
    input: from[Math.floor(number / (from === good ? 1 : poisonEvery)) % from.length] ?? "",
    output: `${number}.webp`,
    filters: steps[number % steps.length] ?? [],
    encode: { format: "webp" },
  };
}

/** Kills a worker process now and then, in the middle of whatever it does. */
export function demoKiller(
  supervisor: Supervisor,
  intervalMs: number,
  onKill: (workerId: string) => void,
): Service {
  return new PeriodicService({
    name: "killer of the demo",
    intervalMs,
    runAtStart: false,
    log: silentLogger,
    runOnce: () => {
      const alive = supervisor.children().filter((child) => child.report?.status === "running");
      const victim = alive[Math.floor(Math.random() * alive.length)];
      if (victim?.pid === undefined) return Promise.resolve(0);
      process.kill(victim.pid, "SIGKILL");
      onKill(victim.workerId);
      return Promise.resolve(1);
    },
  });
}
