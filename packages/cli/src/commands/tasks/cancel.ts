import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { CancelReply } from "@imgq/queue";
import { examples } from "../../examples.ts";
import { exitCodes } from "../../exit-code.ts";
import { prefixOption, queuesOption, redisOption } from "../../options.ts";
import { findTask } from "../../redis/find-task.ts";
import { withQueues } from "../../redis/open-system.ts";
import { plainText } from "../../terminal/plain-text.ts";
import type { Terminal } from "../../terminal/terminal.ts";

const meaning: Readonly<Record<CancelReply, string>> = {
  cancelled: "cancelled",
  requested: "its worker is asked to stop it",
  finished: "has finished already",
  "not-found": "does not exist",
};

/** `imgq tasks cancel <ids…>` */
export function cancelTasksCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("cancel")
    .summary("cancel tasks, also running ones")
    .description("Cancels tasks. Waiting ones at once; of a running one the worker is asked to stop it.")
    .argument("<ids...>", "ids of the tasks")
    .addOption(redisOption())
    .addOption(queuesOption())
    .addOption(prefixOption())
    .addHelpText("after", examples(["stop one that takes too long", "imgq tasks cancel 5f0c…"]))
    .action((ids, _options, command) =>
      withQueues(command.optsWithGlobals(), async ({ queues }) => {
        const cancel = async (id: string): Promise<CancelReply> =>
          (await (await findTask(queues, id))?.queue.cancel(id)) ?? "not-found";
        const replies = await Promise.all(ids.map(async (id) => ({ id, reply: await cancel(id) })));
        if (replies.some(({ reply }) => reply === "not-found" || reply === "finished")) {
          terminal.exitCode = exitCodes.failed;
        }
        terminal.show({ tasks: replies }, () =>
          replies.map(({ id, reply }) => `${plainText(id)}: ${meaning[reply]}`).join("\n"),
        );
      }),
    );
}
