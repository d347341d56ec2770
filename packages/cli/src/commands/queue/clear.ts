import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "../../examples.ts";
import { prefixOption, queueOption, redisOption, yesOption } from "../../options.ts";
import { withSystem } from "../../redis/open-system.ts";
import { confirm } from "../../terminal/confirm.ts";
import { formatAmount } from "../../terminal/format.ts";
import type { Terminal } from "../../terminal/terminal.ts";

/** `imgq queue clear` */
export function clearQueueCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("clear")
    .summary("remove a queue with all its tasks")
    .description("Removes every key of the queue: all tasks, finished or not, and all totals. Asks first.")
    .addOption(yesOption())
    .addOption(redisOption())
    .addOption(queueOption())
    .addOption(prefixOption())
    .addHelpText("after", examples(["start afresh", "imgq queue clear --queue images"]))
    .action((_options, command) => {
      const { yes, ...options } = command.optsWithGlobals();
      return withSystem(options, async ({ queue }) => {
        const counts = await queue.counts();
        const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
        const unfinished = counts.pending + counts.processing + counts.scheduled;
        await confirm(
          terminal,
          `Remove ${queue.name} with ${formatAmount(total, "task")}, ${unfinished} of them not finished?`,
          yes === true,
        );
        await queue.clear();
        terminal.show({ queue: queue.name, removed: total }, () => `Removed ${formatAmount(total, "task")}.`);
      });
    });
}
