import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { DeadGroup, DeadGroups } from "@imgq/monitor";
import type { Queue, Task } from "@imgq/queue";
import { UsageError } from "../../errors.ts";
import { examples } from "../../examples.ts";
import { prefixOption, queuesOption, redisOption, wholeNumber } from "../../options.ts";
import { namesOf } from "../../redis/find-task.ts";
import { withQueues } from "../../redis/open-system.ts";
import { pageOfQueues } from "../../redis/page-of-queues.ts";
import { groupColumns } from "../../render/group-columns.ts";
import { nameColumns, subjectOf, whenOf } from "../../render/task-columns.ts";
import { formatAmount, formatCount } from "../../terminal/format.ts";
import { type Column, renderTable } from "../../terminal/table.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { deadReasons } from "../../vocabulary.ts";

const listedDefault = 50;
const groupedDefault = 2000;

/** `imgq dead list` */
export function listDeadCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("list")
    .summary("list dead letters, newest first, or grouped by cause")
    .description("Lists dead letters with why they died.")
    .addOption(new Option("--reason <reason>", "only those that died of this").choices(deadReasons))
    .option(
      "--limit <count>",
      `most to list, or to look at (default: ${listedDefault}; ${groupedDefault} with --group)`,
      wholeNumber("--limit", 1, 10_000),
    )
    .option("--after <position>", "go on where the last page ended")
    .option("--group", "one line for each cause")
    .addOption(redisOption())
    .addOption(queuesOption())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        ["what went wrong, and how often?", "imgq dead list --group"],
        ["pictures that are no pictures", "imgq dead list --reason invalid-input"],
      ),
    )
    .action((_options, command) => {
      const { limit, after, reason, group, ...options } = command.optsWithGlobals();
      if (group === true && after !== undefined)
        throw new UsageError("--group looks at the newest dead letters: leave out --after.");
      return withQueues(options, async ({ queues }) => {
        if (group === true) return showGroups(queues, { limit, reason }, terminal);
        const { tasks, next } = await pageOfQueues(
          queues,
          { limit: limit ?? listedDefault, after },
          (queue, page) => queue.deadLetters({ ...page, ...(reason === undefined ? {} : { reason }) }),
        );
        terminal.show({ tasks, ...(next === undefined ? {} : { next }) }, () => {
          if (tasks.length === 0) return nothing(queues);
          const table = renderDead(tasks, queues.length > 1, terminal);
          return next === undefined ? table : `${table}\n\nMore with: --after ${JSON.stringify(next)}`;
        });
      });
    });
}

function nothing(queues: readonly Queue[]): string {
  return `No dead letters in ${namesOf(queues)}.`;
}

async function showGroups(
  queues: readonly Queue[],
  {
    limit = groupedDefault,
    reason,
  }: { readonly limit: number | undefined; readonly reason: string | undefined },
  terminal: Terminal,
): Promise<void> {
  const { deadGroups } = await import("@imgq/monitor");
  const all = await Promise.all(queues.map((queue) => deadGroups(queue, { limit, samples: limit })));
  const groups = all
    .flatMap((of) => of.groups.map((group) => ({ queue: of.queue, ...group })))
    .filter((group) => reason === undefined || group.reason === reason);
  const shown = groups.map(({ samples, ...group }) => ({ ...group, ids: samples.map(({ id }) => id) }));
  terminal.show({ groups: shown }, () =>
    groups.length === 0 ? nothing(queues) : renderGroups(groups, all, terminal),
  );
}

function renderDead(tasks: readonly Task[], ofSeveralQueues: boolean, terminal: Terminal): string {
  const now = Date.now();
  return renderTable(
    tasks,
    [
      ...nameColumns(ofSeveralQueues),
      { title: "REASON", text: (task) => task.deadReason ?? "", tone: () => "bad" },
      { title: "ATTEMPTS", text: (task) => formatCount(task.attempts.length), align: "right" },
      { title: "DIED", text: (task) => whenOf(task, now), align: "right" },
      { title: "TASK", text: subjectOf, flexible: true },
      { title: "LAST ERROR", text: (task) => task.lastError?.message ?? "", flexible: true },
    ],
    terminal,
  );
}

interface QueuedGroup extends DeadGroup {
  readonly queue: string;
}

function renderGroups(
  groups: readonly QueuedGroup[],
  all: readonly DeadGroups[],
  terminal: Terminal,
): string {
  const several: readonly Column<QueuedGroup>[] =
    all.length > 1 ? [{ title: "QUEUE", text: (group) => group.queue }] : [];
  const table = renderTable(groups, [...several, ...groupColumns(Date.now())], terminal);
  const seen = all.reduce((sum, { seen: looked }) => sum + looked, 0);
  const total = all.reduce((sum, queue) => sum + queue.total, 0);
  return seen === total
    ? table
    : `${table}\n\nOf the newest ${formatAmount(seen, "dead letter")} of ${formatCount(total)}.`;
}
