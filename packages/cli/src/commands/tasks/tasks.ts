import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Terminal } from "../../terminal/terminal.ts";
import { cancelTasksCommand } from "./cancel.ts";
import { listTasksCommand } from "./list.ts";
import { showTaskCommand } from "./show.ts";

/** `imgq tasks …` */
export function tasksCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("tasks")
    .summary("list, show and cancel tasks")
    .description("Looks at single tasks of a queue. Without a subcommand: lists them.")
    .addCommand(listTasksCommand(terminal), { isDefault: true })
    .addCommand(showTaskCommand(terminal))
    .addCommand(cancelTasksCommand(terminal));
}
