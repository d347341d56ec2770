import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "../../examples.ts";
import { prefixOption, queueOption, redisOption } from "../../options.ts";
import { withSystem } from "../../redis/open-system.ts";
import type { Terminal } from "../../terminal/terminal.ts";

/** `imgq queue pause` */
export function pauseQueueCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("pause")
    .summary("let workers claim nothing more")
    .description(
      "Lets workers claim nothing more from the queue. Running tasks go on, new ones may be added.",
    )
    .addOption(redisOption())
    .addOption(queueOption())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(["hold everything while a disk is changed", "imgq queue pause --queue images"]),
    )
    .action((_options, command) =>
      withSystem(command.optsWithGlobals(), async ({ queue }) => {
        await queue.pause();
        terminal.show({ queue: queue.name, paused: true }, () => `${queue.name} is paused.`);
      }),
    );
}
