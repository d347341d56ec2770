import type { Queue, Task } from "@imgq/queue";
import { NotFoundError, UsageError } from "../errors.ts";

/** A task and where it is. */
export interface FoundTask {
  readonly queue: Queue;
  readonly task: Task;
}

/** The task with this id in whichever queue. Throws `UsageError` when several have one: ids may be of people's own making. */
export async function findTask(queues: readonly Queue[], id: string): Promise<FoundTask | undefined> {
  const tasks = await Promise.all(queues.map(async (queue) => ({ queue, task: await queue.get(id) })));
  const [found, ...others] = tasks.flatMap(({ queue, task }) =>
    task === undefined ? [] : [{ queue, task }],
  );
  if (found === undefined || others.length === 0) return found;
  const names = namesOf([found, ...others].map(({ queue }) => queue));
  throw new UsageError(`A task ${JSON.stringify(id)} is in ${names}: say which one is meant with --queue.`);
}

/** Which of these ids each queue has; those that none has are left out. */
export async function idsByQueue(
  queues: readonly Queue[],
  ids: readonly string[],
): Promise<ReadonlyMap<Queue, readonly string[]>> {
  const found = await Promise.all(ids.map(async (id) => ({ id, at: await findTask(queues, id) })));
  return new Map(
    queues.map((queue) => [queue, found.filter(({ at }) => at?.queue === queue).map(({ id }) => id)]),
  );
}

/** Says that a task is in none of these queues. */
export function noSuchTask(queues: readonly Queue[], id: string): NotFoundError {
  return new NotFoundError(
    `There is no task ${JSON.stringify(id)} in ${namesOf(queues)}. It may have been removed after it finished; see imgq tasks list.`,
  );
}

/** `images, covers and thumbnails`. */
export function namesOf(queues: readonly Pick<Queue, "name">[]): string {
  const names = queues.map((queue) => queue.name);
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
}
