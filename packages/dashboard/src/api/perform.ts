import { idsOfDeadGroup } from "@imgq/monitor";
import type { Queue } from "@imgq/queue";
import type { WorkerCommand } from "@imgq/registry";
import { RequestError } from "../errors.ts";
import type { DashboardOptions } from "../options.ts";
import type { Action, ActionReport } from "./action.ts";
import { queueNamed } from "./queue-named.ts";

/** Does what an operator asked for. */
export async function perform(options: DashboardOptions, action: Action): Promise<ActionReport> {
  switch (action.action) {
    case "queue.pause":
      await queueNamed(options, action.queue).pause();
      return { message: `Queue ${action.queue} is paused.` };
    case "queue.resume":
      await queueNamed(options, action.queue).resume();
      return { message: `Queue ${action.queue} goes on.` };
    case "task.cancel":
      return { message: cancelled[await queueNamed(options, action.queue).cancel(action.id)] };
    case "task.redrive":
      return redriven(await queueNamed(options, action.queue).redrive([action.id]));
    case "task.purge":
      return purged(await queueNamed(options, action.queue).purge("dead", { ids: [action.id] }));
    case "dead.redrive":
      return redriven(await redriveDead(queueNamed(options, action.queue), action.group));
    case "dead.purge":
      return purged(await purgeDead(queueNamed(options, action.queue), action.group));
    case "worker.quiet":
    case "worker.resume":
    case "worker.stop":
      return command(options, action.worker, action.action);
    default:
      return action satisfies never;
  }
}

const cancelled = {
  cancelled: "The task is cancelled.",
  requested: "The worker is asked to stop the task.",
  finished: "The task had already finished.",
  "not-found": "There is no such task any more.",
} as const;

const commands: Readonly<Record<"worker.quiet" | "worker.resume" | "worker.stop", WorkerCommand>> = {
  "worker.quiet": { type: "quiet" },
  "worker.resume": { type: "resume" },
  "worker.stop": { type: "stop" },
};

async function redriveDead(queue: Queue, group: string | undefined): Promise<number> {
  return queue.redrive(group === undefined ? "all" : await idsOfDeadGroup(queue, group));
}

async function purgeDead(queue: Queue, group: string | undefined): Promise<number> {
  if (group === undefined) return queue.purge("dead");
  const ids = await idsOfDeadGroup(queue, group);
  let removed = 0;
  for (let start = 0; start < ids.length; start += 500) {
    removed += await queue.purge("dead", { ids: ids.slice(start, start + 500) });
  }
  return removed;
}

async function command(
  options: DashboardOptions,
  worker: string,
  action: keyof typeof commands,
): Promise<ActionReport> {
  const reply = await options.registry?.send(worker, commands[action]);
  if (reply !== "ok") throw new RequestError(404, `There is no worker ${worker} alive.`);
  return { message: `${worker} is told with its next beat.` };
}

function redriven(count: number): ActionReport {
  return { message: count === 1 ? "1 task is pending again." : `${count} tasks are pending again.` };
}

function purged(count: number): ActionReport {
  return { message: count === 1 ? "1 task is removed." : `${count} tasks are removed.` };
}
