import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { DeadReason } from "@imgq/queue";
import { UsageError } from "../../errors.ts";
import { examples } from "../../examples.ts";
import { exitCodes } from "../../exit-code.ts";
import { prefixOption, queuesOption, redisOption, wholeNumber } from "../../options.ts";
import { idsByQueue } from "../../redis/find-task.ts";
import { withQueues } from "../../redis/open-system.ts";
import { formatAmount } from "../../terminal/format.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { deadReasons } from "../../vocabulary.ts";

/** `imgq dead redrive` */
export function redriveDeadCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("redrive")
    .summary("try dead letters again, from their first attempt")
    .description(
      "Makes dead letters pending again, as if they had never been tried; those of all queues, unless --queue says which.",
    )
    .argument("[ids...]", "ids of the tasks")
    .option("--all", "all of them")
    .addOption(new Option("--reason <reason>", "all that died of this").choices(deadReasons))
    .option("--rate <per-second>", "spread them over time", wholeNumber("--rate", 1))
    .option("--dry-run", "only count them")
    .addOption(redisOption())
    .addOption(queuesOption())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        ["one task", "imgq dead redrive 5f0c…"],
        ["all that timed out, ten a second", "imgq dead redrive --reason timeout --rate 10"],
        ["how many would that be?", "imgq dead redrive --all --dry-run"],
      ),
    )
    .action((ids, _options, command) => {
      const { all, reason, rate, dryRun, ...options } = command.optsWithGlobals();
      const which = whichOf(ids, reason, all === true);
      return withQueues(options, async ({ queues }) => {
        const found = await idsByQueue(queues, ids);
        let count = 0;
        for (const queue of queues) {
          count += await queue.redrive(ids.length > 0 ? (found.get(queue) ?? []) : which, {
            ...(rate === undefined ? {} : { ratePerSecond: rate }),
            dryRun: dryRun === true,
          });
        }
        if (ids.length > count) terminal.exitCode = exitCodes.failed;
        terminal.show({ redriven: count, dryRun: dryRun === true }, () => {
          const amount = formatAmount(count, "dead letter");
          if (dryRun === true) return `${amount} would become pending.`;
          const missed = ids.length - count;
          return missed > 0
            ? `${amount} became pending; ${missed} of the ids are not dead letters.`
            : `${amount} became pending.`;
        });
      });
    });
}

function whichOf(
  ids: readonly string[],
  reason: DeadReason | undefined,
  all: boolean,
): readonly string[] | { readonly reason: DeadReason } | "all" {
  const given = [ids.length > 0, reason !== undefined, all].filter(Boolean).length;
  if (given !== 1) throw new UsageError("Say which dead letters: their ids, or --reason, or --all.");
  if (reason !== undefined) return { reason };
  return all ? "all" : ids;
}
