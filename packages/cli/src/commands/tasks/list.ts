import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { Queue, Task, TaskState } from "@imgq/queue";
import { examples } from "../../examples.ts";
import { prefixOption, queueOption, redisOption, wholeNumber } from "../../options.ts";
import { withSystem } from "../../redis/open-system.ts";
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
    .description("Lists tasks, those of one state or the first of each.")
    .addOption(new Option("--state <state>", "only tasks in this state").choices(taskStates))
    .option("--limit <count>", "most tasks to list", wholeNumber("--limit", 1, 1000), 50)
    .option("--after <position>", "go on where the last page ended (with --state)")
    .addOption(redisOption())
    .addOption(queueOption())
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
      return withSystem(options, async ({ queue }) => {
        const { tasks, next } =
          options.state === undefined
            ? await firstOfEach(queue, options.limit)
            : await onePage(queue, options.state, options.limit, options.after);
        terminal.show({ tasks, ...(next === undefined ? {} : { next }) }, () => {
          if (tasks.length === 0)
            return `No ${options.state ?? ""} tasks in ${queue.name}.`.replace("  ", " ");
          const table = renderTable(tasks, taskColumns(Date.now()), terminal);
          return next === undefined
            ? table
            : `${table}\n\nMore with: --state ${options.state} --after ${JSON.stringify(next)}`;
        });
      });
    });
}

interface Listed {
  readonly tasks: readonly Task[];
  readonly next?: string | undefined;
}

async function onePage(
  queue: Queue,
  state: TaskState,
  limit: number,
  after: string | undefined,
): Promise<Listed> {
  const page = await queue.list(state, { limit, ...(after === undefined ? {} : { after }) });
  return { tasks: page.items, next: page.next };
}

async function firstOfEach(queue: Queue, limit: number): Promise<Listed> {
  const tasks: Task[] = [];
  for (const state of order) {
    if (tasks.length >= limit) break;
    tasks.push(...(await queue.list(state, { limit: limit - tasks.length })).items);
  }
  return { tasks };
}
