import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "../../examples.ts";
import { prefixOption, queueOption, redisOption } from "../../options.ts";
import { withSystem } from "../../redis/open-system.ts";
import { renderTable } from "../../terminal/table.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { workerColumns } from "../../render/worker-columns.ts";

/** `imgq workers list` */
export function listWorkersCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("list")
    .summary("who is alive, who is dead, and what each is doing")
    .description("Lists workers of all queues: those alive, and those that died without a farewell.")
    .option("--ended", "also those that stopped or were cleaned up in the last day")
    .addOption(redisOption())
    .addOption(queueOption().hideHelp())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(["who is there?", "imgq workers"], ["and who was?", "imgq workers list --ended"]),
    )
    .action((_options, command) => {
      const { ended, ...options } = command.optsWithGlobals();
      return withSystem(options, async ({ registry }) => {
        const workers = [...(await registry.list()), ...(ended === true ? await registry.ended() : [])];
        terminal.show({ workers }, () =>
          workers.length === 0
            ? "No workers. Start one: imgq worker --input pictures --output out"
            : renderTable(workers, workerColumns, terminal),
        );
      });
    });
}
