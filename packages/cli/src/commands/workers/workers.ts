import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Terminal } from "../../terminal/terminal.ts";
import { cleanUpWorkersCommand } from "./clean-up.ts";
import { listWorkersCommand } from "./list.ts";
import { quietWorkersCommand } from "./quiet.ts";
import { resumeWorkersCommand } from "./resume.ts";
import { setWorkersCommand } from "./set.ts";
import { showWorkerCommand } from "./show.ts";
import { stopWorkersCommand } from "./stop.ts";

/** `imgq workers …` */
export function workersCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("workers")
    .summary("list, show, quiet, resume and stop workers")
    .description("Looks at workers and steers them, wherever they run. Without a subcommand: lists them.")
    .addCommand(listWorkersCommand(terminal), { isDefault: true })
    .addCommand(showWorkerCommand(terminal))
    .addCommand(quietWorkersCommand(terminal))
    .addCommand(resumeWorkersCommand(terminal))
    .addCommand(stopWorkersCommand(terminal))
    .addCommand(setWorkersCommand(terminal))
    .addCommand(cleanUpWorkersCommand(terminal));
}
