import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { Page, PageOptions, Queue, Task, TaskState } from "@imgq/queue";
import { examples } from "../../examples.ts";
import { prefixOption, queuesOption, redisOption, wholeNumber } from "../../options.ts";
import { namesOf } from "../../redis/find-task.ts";
import { withQueues } from "../../redis/open-system.ts";
import { pageOfQueues } from "../../redis/page-of-queues.ts";
import { taskColumns } from "../../render/task-columns.ts";
import { renderTable } from "../../terminal/table.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { taskStates } from "../../vocabulary.ts";

/** Without a state: first what happens now, then what will, then what has. */
const order: readonly TaskState[] = ["processing", "pending", "scheduled", "dead", "completed", "cancelled"];

/** `imgq tasks list` */
export function listTasksCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("list")
    .summary("list tasks, of one state or of all")
    .description("Lists tasks of all queues, those of one state or of all: what runs first, then what waits.")
    .addOption(new Option("--state <state>", "only tasks in this state").choices(taskStates))
    .option("--limit <count>", "most tasks to list", wholeNumber("--limit", 1, 1000), 50)
    .option("--after <position>", "go on where the last page ended")
    .addOption(redisOption())
    .addOption(queuesOption())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        ["what happens now?", "imgq tasks list --state processing"],
        [
          "the ids of a thousand waiting tasks",
          "imgq tasks list --state pending --limit 1000 --json | jq -r '.tasks[].id'",
        ],
      ),
    )
    .action((_options, command) => {
      const options = command.optsWithGlobals();
      const { state } = options;
      return withQueues(options, async ({ queues }) => {
        const read = (queue: Queue, page: PageOptions & { readonly limit: number }): Promise<Page<Task>> =>
          state === undefined ? pageOfAllStates(queue, page) : queue.list(state, page);
        const { tasks, next } = await pageOfQueues(queues, options, read);
        terminal.show({ tasks, ...(next === undefined ? {} : { next }) }, () => {
          if (tasks.length === 0)
            return `No ${state === undefined ? "" : `${state} `}tasks in ${namesOf(queues)}.`;
          const table = renderTable(tasks, taskColumns(Date.now(), queues.length > 1), terminal);
          const more = state === undefined ? "--after" : `--state ${state} --after`;
          return next === undefined ? table : `${table}\n\nMore with: ${more} ${JSON.stringify(next)}`;
        });
      });
    });
}

/** One state after the other; positions are `state position`. */
async function pageOfAllStates(
  queue: Queue,
  { limit, after = "" }: PageOptions & { readonly limit: number },
): Promise<Page<Task>> {
  const [, word, rest] = /^(\w*) ?(.*)$/.exec(after) ?? [];
  const first = Math.max(
    0,
    order.findIndex((state) => state === word),
  );
  const counts = await queue.counts();
  const items: Task[] = [];
  for (let index = first, position = rest ?? ""; index < order.length; index += 1, position = "") {
    const state = order[index] ?? "cancelled";
    if (counts[state] === 0) continue;
    if (items.length === limit) return { items, next: state };
    const page = await queue.list(state, {
      limit: limit - items.length,
      ...(position === "" ? {} : { after: position }),
    });
    items.push(...page.items);
    if (page.next !== undefined) return { items, next: `${state} ${page.next}` };
  }
  return { items };
}
