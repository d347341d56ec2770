import type { Page, PageOptions, Queue, Task } from "@imgq/queue";
import { UsageError } from "../errors.ts";

/** Reads one page of one queue. */
export type ReadPage = (queue: Queue, page: PageOptions & { readonly limit: number }) => Promise<Page<Task>>;

export interface TasksOfQueues {
  /** Queue by queue. */
  readonly tasks: readonly Task[];
  /** Where each queue that has more goes on, as `images=…&thumbnails=…`; undefined on the last page. */
  readonly next?: string;
}

/** What a queue lists in one call. */
const mostAtOnce = 1000;

interface Reading {
  readonly queue: Queue;
  readonly tasks: Task[];
  /** Where it goes on; "" for its beginning, undefined at its end. */
  position: string | undefined;
}

/**
 * One page over several queues. They share `limit` equally, and what one does not need goes to the others, so that a long
 * queue hides no short one. `after` is the `next` of the page before.
 */
export async function pageOfQueues(
  queues: readonly Queue[],
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
  read: ReadPage,
): Promise<TasksOfQueues> {
  const readings = begin(queues, after);
  for (let room = limit, open = readings; room > 0 && open.length > 0; ) {
    for (const [index, reading] of open.entries()) {
      const share = Math.min(mostAtOnce, Math.ceil(room / (open.length - index)));
      if (share === 0) break;
      const { position = "" } = reading;
      const page = await read(reading.queue, {
        limit: share,
        ...(position === "" ? {} : { after: position }),
      });
      reading.tasks.push(...page.items);
      reading.position = page.next;
      room -= page.items.length;
    }
    open = open.filter((reading) => reading.position !== undefined);
  }
  const next = new URLSearchParams();
  for (const { queue, position } of readings) if (position !== undefined) next.set(queue.name, position);
  const tasks = readings.flatMap((reading) => reading.tasks);
  return next.size === 0 ? { tasks } : { tasks, next: next.toString() };
}

function begin(queues: readonly Queue[], after: string | undefined): Reading[] {
  if (after === undefined) return queues.map((queue) => ({ queue, tasks: [], position: "" }));
  const positions = new URLSearchParams(after);
  const readings = queues.flatMap((queue) => {
    const position = positions.get(queue.name);
    return position === null ? [] : [{ queue, tasks: [], position }];
  });
  if (readings.length > 0) return readings;
  throw new UsageError(
    `--after takes what the last page said under "More with"; got ${JSON.stringify(after)}, which names none of these queues.`,
  );
}
