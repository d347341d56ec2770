import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "../../examples.ts";
import { duration, prefixOption, queueOption, redisOption, yesOption } from "../../options.ts";
import { withSystem } from "../../redis/open-system.ts";
import { confirm } from "../../terminal/confirm.ts";
import { formatAmount } from "../../terminal/format.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { chooseWorkers, sendCommand } from "./send-command.ts";

/** `imgq workers stop <ids…>` */
export function stopWorkersCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("stop")
    .summary("stop workers gracefully; their tasks are not lost")
    .description(
      "Stops workers: they finish what they have, or give it back when the time is up. Asks first for --all.",
    )
    .argument("[ids...]", "ids of the workers")
    .option("--all", "all that are alive")
    .option(
      "--timeout <duration>",
      "how long they may finish what they have, such as 30s",
      duration("--timeout"),
    )
    .option("--drain", "let them finish, however long it takes")
    .addOption(yesOption())
    .addOption(redisOption())
    .addOption(queueOption().hideHelp())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        ["one of them", "imgq workers stop worker-1"],
        ["all, within ten seconds, in a script", "imgq workers stop --all --timeout 10s --yes"],
      ),
    )
    .action((ids, _options, command) => {
      const { all, timeout, drain, yes, ...options } = command.optsWithGlobals();
      return withSystem(options, async ({ registry }) => {
        const chosen = await chooseWorkers(registry, ids, all === true);
        if (all === true)
          await confirm(terminal, `Stop ${formatAmount(chosen.length, "worker")}?`, yes === true);
        const stop = { type: "stop", ...(timeout === undefined ? {} : { timeoutMs: timeout }) } as const;
        await sendCommand(terminal, registry, chosen, drain === true ? { type: "drain" } : stop);
      });
    });
}
