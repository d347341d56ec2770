import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { NotFoundError } from "../../errors.ts";
import { examples } from "../../examples.ts";
import { prefixOption, queueOption, redisOption } from "../../options.ts";
import { withSystem } from "../../redis/open-system.ts";
import { renderTask } from "../../render/render-task.ts";
import type { Terminal } from "../../terminal/terminal.ts";

/** `imgq tasks show <id>` */
export function showTaskCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("show")
    .summary("everything that is known of one task")
    .description("Shows one task: its payload, its result, and every attempt with its worker and its error.")
    .argument("<id>", "id of the task")
    .addOption(redisOption())
    .addOption(queueOption())
    .addOption(prefixOption())
    .addHelpText("after", examples(["why did it fail?", "imgq tasks show 5f0c…"]))
    .action((id, _options, command) => {
      const options = command.optsWithGlobals();
      return withSystem(options, async ({ queue }) => {
        const task = await queue.get(id);
        if (task === undefined) {
          throw new NotFoundError(
            `There is no task ${JSON.stringify(id)} in ${queue.name}. It may have been removed after it finished; see imgq tasks list.`,
          );
        }
        terminal.show(task, () => renderTask(task, terminal));
      });
    });
}
