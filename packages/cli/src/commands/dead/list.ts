import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { Task } from "@imgq/queue";
import { examples } from "../../examples.ts";
import { prefixOption, queueOption, redisOption, wholeNumber } from "../../options.ts";
import { type FailureGroup, groupFailures } from "../../process/group-failures.ts";
import { withSystem } from "../../redis/open-system.ts";
import { subjectOf, whenOf } from "../../render/task-columns.ts";
import { formatAmount, formatCount } from "../../terminal/format.ts";
import { renderTable } from "../../terminal/table.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { deadReasons } from "../../vocabulary.ts";

/** `imgq dead list` */
export function listDeadCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("list")
    .summary("list dead letters, newest first, or grouped by cause")
    .description("Lists dead letters with why they died.")
    .addOption(new Option("--reason <reason>", "only those that died of this").choices(deadReasons))
    .option("--limit <count>", "most tasks to list", wholeNumber("--limit", 1, 1000), 50)
    .option("--after <position>", "go on where the last page ended")
    .option("--group", "one line for each cause")
    .addOption(redisOption())
    .addOption(queueOption())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        ["what went wrong, and how often?", "imgq dead list --group --limit 1000"],
        ["pictures that are no pictures", "imgq dead list --reason invalid-input"],
      ),
    )
    .action((_options, command) => {
      const { limit, after, reason, group, ...options } = command.optsWithGlobals();
      return withSystem(options, async ({ queue }) => {
        const { items, next } = await queue.deadLetters({
          limit,
          ...(after === undefined ? {} : { after }),
          ...(reason === undefined ? {} : { reason }),
        });
        if (group === true) {
          const groups = groupFailures(
            items.map((task) => ({ input: subjectOf(task), id: task.id, error: errorOf(task) })),
          );
          terminal.show(
            {
              groups: groups.map(({ failures, ...rest }) => ({
                ...rest,
                count: failures.length,
                ids: failures.map(({ id }) => id),
              })),
              next,
            },
            () => (groups.length === 0 ? nothing(queue.name) : renderGroups(groups, items, terminal)),
          );
          return;
        }
        terminal.show({ tasks: items, ...(next === undefined ? {} : { next }) }, () => {
          if (items.length === 0) return nothing(queue.name);
          const table = renderDead(items, terminal);
          return next === undefined ? table : `${table}\n\nMore with: --after ${JSON.stringify(next)}`;
        });
      });
    });
}

function nothing(queue: string): string {
  return `No dead letters in ${queue}.`;
}

function errorOf(task: Task): { name: string; message: string; code?: string } {
  return task.lastError ?? { name: task.deadReason ?? "dead", message: task.deadReason ?? "dead" };
}

function renderDead(tasks: readonly Task[], terminal: Terminal): string {
  const now = Date.now();
  return renderTable(
    tasks,
    [
      { title: "ID", text: (task) => task.id },
      { title: "REASON", text: (task) => task.deadReason ?? "", tone: () => "bad" },
      { title: "ATTEMPTS", text: (task) => formatCount(task.attempts.length), align: "right" },
      { title: "DIED", text: (task) => whenOf(task, now), align: "right" },
      { title: "TASK", text: subjectOf, flexible: true },
      { title: "LAST ERROR", text: (task) => task.lastError?.message ?? "", flexible: true },
    ],
    terminal,
  );
}

function renderGroups(groups: readonly FailureGroup[], items: readonly Task[], terminal: Terminal): string {
  const table = renderTable(
    groups,
    [
      { title: "COUNT", text: (group) => formatCount(group.failures.length), align: "right" },
      { title: "CAUSE", text: (group) => group.cause, tone: () => "bad" },
      { title: "EXAMPLE", text: (group) => group.failures[0]?.input ?? "" },
      { title: "MESSAGE", text: (group) => group.message, flexible: true },
    ],
    terminal,
  );
  return `${table}\n\nOf ${formatAmount(items.length, "dead letter")} looked at.`;
}
