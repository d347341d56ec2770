import { createHash } from "node:crypto";
import type { DeadReason, Queue, Task } from "@imgq/queue";

/** Dead letters with one cause. */
export interface DeadGroup {
  /** Stands for the cause; the same for later dead letters with it. */
  readonly key: string;
  readonly reason: DeadReason | "unknown";
  readonly error: string;
  readonly code?: string;
  /** Of one of them; the others may differ in names and numbers. */
  readonly message: string;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** A few of them, newest first. */
  readonly samples: readonly Task[];
}

export interface DeadGroups {
  readonly queue: string;
  readonly total: number;
  /** How many were looked at: the newest. Less than `total` when there are very many. */
  readonly seen: number;
  readonly groups: readonly DeadGroup[];
}

export interface DeadGroupsOptions {
  /** Dead letters looked at, the newest; a screen of groups is not worth more than some thousand. @default 2000 */
  readonly limit?: number;
  /** Dead letters kept of each group. @default 5 */
  readonly samples?: number;
}

/** Dead letters looked at to change all with one cause. */
const CHANGE_LIMIT = 50_000;
const PAGE = 250;

/** Groups the newest dead letters of a queue by cause, the largest group first. */
export async function deadGroups(queue: Queue, options: DeadGroupsOptions = {}): Promise<DeadGroups> {
  const { limit = 2000, samples = 5 } = options;
  const groups = new Map<string, DeadGroup>();
  let seen = 0;
  for await (const task of deadTasks(queue, limit)) {
    seen += 1;
    const group = groupOf(task);
    const known = groups.get(group.key);
    groups.set(group.key, known === undefined ? group : merge(known, group, samples));
  }
  const { dead } = await queue.counts();
  return {
    queue: queue.name,
    total: Math.max(dead, seen),
    seen,
    groups: [...groups.values()].toSorted(
      (one, other) => other.count - one.count || other.lastAt - one.lastAt,
    ),
  };
}

/** Ids of all dead letters with the cause `key`. */
export async function idsOfDeadGroup(queue: Queue, key: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const task of deadTasks(queue, CHANGE_LIMIT)) {
    if (groupOf(task).key === key) ids.push(task.id);
  }
  return ids;
}

async function* deadTasks(queue: Queue, limit: number): AsyncGenerator<Task> {
  let left = limit;
  let after: string | undefined;
  do {
    const page = await queue.deadLetters({
      limit: Math.min(PAGE, left),
      ...(after === undefined ? {} : { after }),
    });
    yield* page.items;
    left -= page.items.length;
    after = page.next;
  } while (after !== undefined && left > 0);
}

function groupOf(task: Task): DeadGroup {
  const { deadReason: reason = "unknown", lastError } = task;
  const error = lastError?.name ?? "none";
  const message = lastError?.message ?? "";
  const code = lastError?.code;
  const at = task.finishedAt ?? task.addedAt;
  const cause = [reason, error, code ?? "", withoutParticulars(withoutInput(message, task.payload))].join(
    "\0",
  );
  return {
    key: createHash("sha256").update(cause).digest("hex").slice(0, 16),
    reason,
    error,
    ...(code === undefined ? {} : { code }),
    message,
    count: 1,
    firstAt: at,
    lastAt: at,
    samples: [task],
  };
}

function merge(known: DeadGroup, more: DeadGroup, samples: number): DeadGroup {
  return {
    ...known,
    count: known.count + more.count,
    firstAt: Math.min(known.firstAt, more.firstAt),
    lastAt: Math.max(known.lastAt, more.lastAt),
    samples: [...known.samples, ...more.samples].slice(0, samples),
  };
}

/** Messages about a picture begin with its path, as the payload has it. */
function withoutInput(message: string, payload: unknown): string {
  if (typeof payload !== "object" || payload === null || !("input" in payload)) return message;
  return message.replace(`${String(payload.input)}: `, "");
}

/** Names, paths, ids and numbers differ from task to task; what is left is the cause. */
function withoutParticulars(message: string): string {
  return message
    .slice(0, 500)
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, "…")
    .replace(/\S*[/\\]\S+/g, "…")
    .replace(/\b[0-9a-f]{8,}(-[0-9a-f]{4,})*\b/gi, "…")
    .replace(/\d+(\.\d+)?/g, "#");
}
