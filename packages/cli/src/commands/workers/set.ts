import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { examples } from "../../examples.ts";
import { prefixOption, queueOption, redisOption, wholeNumber } from "../../options.ts";
import { withSystem } from "../../redis/open-system.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { chooseWorkers, sendCommand } from "./send-command.ts";

const levels = ["debug", "info", "warn", "error"] as const;

/** `imgq workers set <ids…>` */
export function setWorkersCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("set")
    .summary("change the concurrency or the log level of running workers")
    .description("Changes settings of running workers, until they are started again.")
    .argument("[ids...]", "ids of the workers")
    .option("--all", "all that are alive")
    .option("--concurrency <slots>", "how many tasks to run at once", wholeNumber("--concurrency", 1, 1024))
    .addOption(new Option("--log-level <level>", "from which level on to log").choices(levels))
    .addOption(redisOption())
    .addOption(queueOption().hideHelp())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        ["halve the load on a machine", "imgq workers set worker-1 --concurrency 1"],
        ["see everything they do", "imgq workers set --all --log-level debug"],
      ),
    )
    .action((ids, _options, command) => {
      const { all, concurrency, logLevel, ...options } = command.optsWithGlobals();
      if ((concurrency === undefined) === (logLevel === undefined)) {
        throw new UsageError("Say what to set: --concurrency or --log-level.");
      }
      return withSystem(options, async ({ registry }) => {
        const chosen = await chooseWorkers(registry, ids, all === true);
        if (concurrency !== undefined) {
          await sendCommand(terminal, registry, chosen, { type: "set-concurrency", concurrency });
        }
        if (logLevel !== undefined)
          await sendCommand(terminal, registry, chosen, { type: "log-level", level: logLevel });
      });
    });
}
