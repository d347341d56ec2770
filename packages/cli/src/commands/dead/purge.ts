import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Queue } from "@imgq/queue";
import { UsageError } from "../../errors.ts";
import { examples } from "../../examples.ts";
import { duration, prefixOption, queuesOption, redisOption, yesOption } from "../../options.ts";
import { idsByQueue, namesOf } from "../../redis/find-task.ts";
import { withQueues } from "../../redis/open-system.ts";
import { confirm } from "../../terminal/confirm.ts";
import { formatAmount, formatDuration } from "../../terminal/format.ts";
import type { Terminal } from "../../terminal/terminal.ts";

/** `imgq dead purge` */
export function purgeDeadCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("purge")
    .summary("remove dead letters for good")
    .description(
      "Removes dead letters for good: all of them, or those named, or those old enough. Asks first.",
    )
    .argument("[ids...]", "ids of the tasks; all without")
    .option(
      "--older-than <duration>",
      "only those that died longer ago, such as 7d",
      duration("--older-than"),
    )
    .addOption(yesOption())
    .addOption(redisOption())
    .addOption(queuesOption())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        ["those of last week and before", "imgq dead purge --older-than 7d"],
        ["all, in a script", "imgq dead purge --yes"],
      ),
    )
    .action((ids, _options, command) => {
      const { olderThan, yes, ...options } = command.optsWithGlobals();
      return withQueues(options, async ({ queues }) => {
        if (ids.length === 0 && queues.length > 1 && options.queue === undefined) {
          throw new UsageError(`There are ${namesOf(queues)}: say whose dead letters with --queue.`);
        }
        const which = await describeWhich(queues, ids.length, olderThan);
        await confirm(terminal, `Remove ${which} of ${namesOf(queues)} for good?`, yes === true);
        const found = await idsByQueue(queues, ids);
        let purged = 0;
        for (const queue of queues) {
          purged += await queue.purge("dead", {
            ...(olderThan === undefined ? {} : { olderThanMs: olderThan }),
            ...(ids.length === 0 ? {} : { ids: found.get(queue) ?? [] }),
          });
        }
        terminal.show({ purged }, () => `Removed ${formatAmount(purged, "dead letter")}.`);
      });
    });
}

async function describeWhich(
  queues: readonly Queue[],
  named: number,
  olderThanMs: number | undefined,
): Promise<string> {
  if (named > 0) return formatAmount(named, "dead letter");
  if (olderThanMs !== undefined) return `all dead letters older than ${formatDuration(olderThanMs)}`;
  const counts = await Promise.all(queues.map((queue) => queue.counts()));
  const dead = counts.reduce((sum, count) => sum + count.dead, 0);
  return dead === 1 ? "the only dead letter" : `all ${formatAmount(dead, "dead letter")}`;
}
