import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "../../examples.ts";
import { duration, prefixOption, queueOption, redisOption, yesOption } from "../../options.ts";
import { withSystem } from "../../redis/open-system.ts";
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
    .addOption(queueOption())
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
      return withSystem(options, async ({ queue }) => {
        const { dead } = await queue.counts();
        const which =
          ids.length > 0
            ? formatAmount(ids.length, "dead letter")
            : olderThan === undefined
              ? dead === 1
                ? "the only dead letter"
                : `all ${formatAmount(dead, "dead letter")}`
              : `all dead letters older than ${formatDuration(olderThan)}`;
        await confirm(terminal, `Remove ${which} of ${queue.name} for good?`, yes === true);
        const purged = await queue.purge("dead", {
          ...(olderThan === undefined ? {} : { olderThanMs: olderThan }),
          ...(ids.length === 0 ? {} : { ids }),
        });
        terminal.show({ purged }, () => `Removed ${formatAmount(purged, "dead letter")}.`);
      });
    });
}
