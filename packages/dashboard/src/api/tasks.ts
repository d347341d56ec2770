import { type Page, type Queue, type Task, type TaskState, taskStates } from "@imgq/queue";
import type { WorkerRecord } from "@imgq/registry";
import { RequestError } from "../errors.ts";
import type { DashboardOptions } from "../options.ts";
import { queueNamed } from "./queue-named.ts";
import { titleOf } from "./task-title.ts";

/** A line of the task list: no payload, results or stacks, which may be long. */
export interface TaskLine extends Omit<Task, "payload" | "result" | "attempts"> {
  /** What it is about, when that is a picture. */
  readonly title?: string;
}

export interface TaskDetail {
  readonly task: Task;
  /** The worker that holds it, while it is running. */
  readonly holder?: WorkerRecord;
  /** Milliseconds a worker keeps its tasks after its last beat. */
  readonly leaseMs: number;
}

export async function listTasks(options: DashboardOptions, query: URLSearchParams): Promise<Page<TaskLine>> {
  const queue = queueNamed(options, query.get("queue") ?? options.queues[0]?.name ?? "");
  const after = query.get("after");
  const limit = Math.min(200, Math.max(1, Number(query.get("limit") ?? 50) || 50));
  const page = await queue.list(stateOf(query.get("state")), { limit, ...(after === null ? {} : { after }) });
  return { ...page, items: page.items.map(lineOf) };
}

/** Tasks with exactly this id, in whichever queue. */
export async function findTasks(options: DashboardOptions, id: string): Promise<readonly TaskLine[]> {
  const found = await Promise.all(options.queues.map((queue) => getTask(queue, id)));
  return found.filter((task) => task !== undefined).map(lineOf);
}

export async function taskDetail(options: DashboardOptions, name: string, id: string): Promise<TaskDetail> {
  const queue = queueNamed(options, name);
  const task = await getTask(queue, id);
  if (task === undefined)
    throw new RequestError(
      404,
      `There is no task ${id} in queue ${name}; finished ones are kept for a while only.`,
    );
  const holder =
    task.state === "processing" && task.worker !== undefined
      ? await options.registry?.get(task.worker)
      : undefined;
  return { task, leaseMs: queue.leaseMs, ...(holder === undefined ? {} : { holder }) };
}

/** An id that cannot be one is an id nobody has. */
async function getTask(queue: Queue, id: string): Promise<Task | undefined> {
  try {
    return await queue.get(id);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "IMGQ_INVALID_OPTION") return undefined;
    throw error;
  }
}

function lineOf({ payload, result: _result, attempts: _attempts, ...line }: Task): TaskLine {
  const title = titleOf(payload);
  return { ...line, ...(title === undefined ? {} : { title }) };
}

function stateOf(text: string | null): TaskState {
  const state = taskStates.find((each) => each === text);
  if (state === undefined) throw new RequestError(400, `state must be one of ${taskStates.join(", ")}.`);
  return state;
}
