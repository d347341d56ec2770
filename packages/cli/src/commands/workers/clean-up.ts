import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "../../examples.ts";
import { prefixOption, queueOption, redisOption } from "../../options.ts";
import { withSystem } from "../../redis/open-system.ts";
import { formatAmount } from "../../terminal/format.ts";
import { renderTable } from "../../terminal/table.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { workerColumns } from "../../render/worker-columns.ts";

/** `imgq workers clean-up` */
export function cleanUpWorkersCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("clean-up")
    .summary("take dead workers off the list")
    .description(
      "Takes dead workers off the list. They stay visible for a day with --ended; their tasks are recovered anyway.",
    )
    .addOption(redisOption())
    .addOption(queueOption().hideHelp())
    .addOption(prefixOption())
    .addHelpText("after", examples(["after a machine was taken away", "imgq workers clean-up"]))
    .action((_options, command) =>
      withSystem(command.optsWithGlobals(), async ({ registry }) => {
        const removed = await registry.cleanup();
        terminal.show({ workers: removed }, () =>
          removed.length === 0
            ? "No dead workers."
            : `${renderTable(removed, workerColumns, terminal)}\n\nRemoved ${formatAmount(removed.length, "dead worker")}.`,
        );
      }),
    );
}
