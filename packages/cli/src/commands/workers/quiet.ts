import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "../../examples.ts";
import { prefixOption, queueOption, redisOption } from "../../options.ts";
import { withSystem } from "../../redis/open-system.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { chooseWorkers, sendCommand } from "./send-command.ts";

/** `imgq workers quiet <ids…>` */
export function quietWorkersCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("quiet")
    .summary("let workers finish what they have and claim nothing more")
    .description("Makes workers claim nothing more. What they have in hand goes on; resume undoes it.")
    .argument("[ids...]", "ids of the workers")
    .option("--all", "all that are alive")
    .addOption(redisOption())
    .addOption(queueOption().hideHelp())
    .addOption(prefixOption())
    .addHelpText("after", examples(["before a deployment", "imgq workers quiet --all"]))
    .action((ids, _options, command) => {
      const { all, ...options } = command.optsWithGlobals();
      return withSystem(options, async ({ registry }) => {
        const chosen = await chooseWorkers(registry, ids, all === true);
        await sendCommand(terminal, registry, chosen, { type: "quiet" });
      });
    });
}
