import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Terminal } from "../../terminal/terminal.ts";
import { clearQueueCommand } from "./clear.ts";
import { pauseQueueCommand } from "./pause.ts";
import { resumeQueueCommand } from "./resume.ts";

/** `imgq queue …` */
export function queueCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("queue")
    .summary("pause, resume and clear a queue")
    .description("Steers a whole queue.")
    .addCommand(pauseQueueCommand(terminal))
    .addCommand(resumeQueueCommand(terminal))
    .addCommand(clearQueueCommand(terminal));
}
