import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { NotFoundError } from "../../errors.ts";
import { examples } from "../../examples.ts";
import { prefixOption, queueOption, redisOption } from "../../options.ts";
import { withSystem } from "../../redis/open-system.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { renderWorker } from "../../render/render-worker.ts";

/** `imgq workers show <id>` */
export function showWorkerCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("show")
    .summary("the vitals of one worker and the tasks in its hands")
    .description("Shows one worker: its vitals and the tasks it has in hand, or how it ended.")
    .argument("<id>", "id of the worker")
    .addOption(redisOption())
    .addOption(queueOption().hideHelp())
    .addOption(prefixOption())
    .addHelpText("after", examples(["what is it doing?", "imgq workers show worker-1"]))
    .action((id, _options, command) =>
      withSystem(command.optsWithGlobals(), async ({ registry }) => {
        const worker = await registry.get(id);
        if (worker === undefined)
          throw new NotFoundError(`There is no worker ${JSON.stringify(id)}. See imgq workers list --ended.`);
        terminal.show(worker, () => renderWorker(worker, terminal));
      }),
    );
}
