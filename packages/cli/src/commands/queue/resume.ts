import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "../../examples.ts";
import { prefixOption, queueOption, redisOption } from "../../options.ts";
import { withSystem } from "../../redis/open-system.ts";
import type { Terminal } from "../../terminal/terminal.ts";

/** `imgq queue resume` */
export function resumeQueueCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("resume")
    .summary("let workers claim again")
    .description("Lets workers claim from a paused queue again.")
    .addOption(redisOption())
    .addOption(queueOption())
    .addOption(prefixOption())
    .addHelpText("after", examples(["go on", "imgq queue resume --queue images"]))
    .action((_options, command) =>
      withSystem(command.optsWithGlobals(), async ({ queue }) => {
        await queue.resume();
        terminal.show({ queue: queue.name, paused: false }, () => `${queue.name} is running.`);
      }),
    );
}
