import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Terminal } from "../../terminal/terminal.ts";
import { showTaskCommand } from "../tasks/show.ts";
import { listDeadCommand } from "./list.ts";
import { purgeDeadCommand } from "./purge.ts";
import { redriveDeadCommand } from "./redrive.ts";

/** `imgq dead …` */
export function deadCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("dead")
    .summary("list, show, redrive and purge dead letters")
    .description(
      "Looks after dead letters: tasks that will not be tried again by themselves. Without a subcommand: lists them.",
    )
    .addCommand(listDeadCommand(terminal), { isDefault: true })
    .addCommand(showTaskCommand(terminal))
    .addCommand(redriveDeadCommand(terminal))
    .addCommand(purgeDeadCommand(terminal));
}
