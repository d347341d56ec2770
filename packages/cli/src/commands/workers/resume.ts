import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "../../examples.ts";
import { prefixOption, queueOption, redisOption } from "../../options.ts";
import { withSystem } from "../../redis/open-system.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { chooseWorkers, sendCommand } from "./send-command.ts";

/** `imgq workers resume <ids…>` */
export function resumeWorkersCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("resume")
    .summary("let quiet workers claim again")
    .description("Makes quiet workers claim again.")
    .argument("[ids...]", "ids of the workers")
    .option("--all", "all that are alive")
    .addOption(redisOption())
    .addOption(queueOption().hideHelp())
    .addOption(prefixOption())
    .addHelpText("after", examples(["the deployment is off", "imgq workers resume --all"]))
    .action((ids, _options, command) => {
      const { all, ...options } = command.optsWithGlobals();
      return withSystem(options, async ({ registry }) => {
        const chosen = await chooseWorkers(registry, ids, all === true);
        await sendCommand(terminal, registry, chosen, { type: "resume" });
      });
    });
}
