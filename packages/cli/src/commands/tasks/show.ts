import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "../../examples.ts";
import { prefixOption, queuesOption, redisOption } from "../../options.ts";
import { findTask, noSuchTask } from "../../redis/find-task.ts";
import { withQueues } from "../../redis/open-system.ts";
import { renderTask } from "../../render/render-task.ts";
import type { Terminal } from "../../terminal/terminal.ts";

/** `imgq tasks show <id>` */
export function showTaskCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("show")
    .summary("everything that is known of one task")
    .description("Shows one task: its payload, its result, and every attempt with its worker and its error.")
    .argument("<id>", "id of the task")
    .addOption(redisOption())
    .addOption(queuesOption())
    .addOption(prefixOption())
    .addHelpText("after", examples(["why did it fail?", "imgq tasks show 5f0c…"]))
    .action((id, _options, command) =>
      withQueues(command.optsWithGlobals(), async ({ queues }) => {
        const found = await findTask(queues, id);
        if (found === undefined) throw noSuchTask(queues, id);
        terminal.show(found.task, () => renderTask(found.task, terminal));
      }),
    );
}
