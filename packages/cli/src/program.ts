import { readFileSync } from "node:fs";
import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { addCommand } from "./commands/add.ts";
import { completeWordsCommand } from "./commands/complete-words.ts";
import { completionCommand } from "./commands/completion.ts";
import { dashboardCommand } from "./commands/dashboard.ts";
import { deadCommand } from "./commands/dead/dead.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { filtersCommand } from "./commands/filters.ts";
import { healthCommand } from "./commands/health.ts";
import { processCommand } from "./commands/process.ts";
import { queueCommand } from "./commands/queue/queue.ts";
import { statusCommand } from "./commands/status.ts";
import { tasksCommand } from "./commands/tasks/tasks.ts";
import { topCommand } from "./commands/top.ts";
import { workerCommand } from "./commands/worker.ts";
import { workersCommand } from "./commands/workers/workers.ts";
import { examples } from "./examples.ts";
import { prefixOption, queueOption, redisOption } from "./options.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** The whole command line of imgq. Its commands write to `terminal`; wrong usage is thrown as a `CommanderError`. */
export function createProgram(terminal: Terminal): CommandUnknownOpts {
  const program = new Command("imgq")
    .description(
      "Puts pictures through filters: here and now, or through a queue that survives whatever dies.",
    )
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "explain a command, with examples")
    .option("--json", "print JSON for programs instead of text for people")
    .option("--no-color", "do not colour (NO_COLOR does the same)")
    .option("--debug", "print the stack of an error")
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => terminal.streams.stdout.write(text),
      // The help of a group named alone; errors are presented in one place, by runCommandLine.
      writeErr: (text) => terminal.streams.stdout.write(text),
      outputError: () => {},
      getOutHelpWidth: () => terminal.width ?? 100,
    })
    .exitOverride()
    .hook("preAction", (_program, command) => configure(terminal, command));
  // `imgq --redis … status` is understood as `imgq status --redis …`.
  for (const option of [redisOption(), hidden(queueOption()), hidden(prefixOption())]) {
    program.addOption(option.hideHelp());
  }
  program.addHelpText(
    "after",
    examples(
      [
        "make web pictures of a folder, without Redis",
        'imgq process photos --filters "resize(1200)" --format webp',
      ],
      ["see a whole system at work, in one minute", "imgq demo"],
      ["is everything in order here?", "imgq doctor"],
    ),
  );

  program.commandsGroup("Pictures, here and now:");
  add(program, processCommand(terminal));
  add(program, filtersCommand(terminal));
  program.commandsGroup("Tasks, through a queue:");
  add(program, addCommand(terminal));
  add(program, workerCommand(terminal));
  program.commandsGroup("Watching and steering:");
  add(program, statusCommand(terminal));
  add(program, topCommand(terminal));
  add(program, dashboardCommand(terminal));
  add(program, healthCommand(terminal));
  add(program, tasksCommand(terminal));
  add(program, deadCommand(terminal));
  add(program, workersCommand(terminal));
  add(program, queueCommand(terminal));
  program.commandsGroup("Help:");
  add(program, demoCommand(terminal));
  add(program, doctorCommand(terminal));
  add(program, completionCommand(terminal));
  add(program, completeWordsCommand(terminal, program), { hidden: true });
  program.helpCommand("help [command]", "explain a command, with examples");
  return program;
}

/** The same option without a default: the command's own default must not be hidden by the program's. */
function hidden(option: { readonly flags: string; readonly envVar?: string | undefined }): Option {
  const copy = new Option(option.flags);
  return option.envVar === undefined ? copy : copy.env(option.envVar);
}

function add(
  parent: CommandUnknownOpts,
  command: CommandUnknownOpts,
  options: { readonly hidden?: boolean } = {},
): void {
  inherit(parent, command);
  parent.addCommand(command, options);
}

function inherit(parent: CommandUnknownOpts, command: CommandUnknownOpts): void {
  command.copyInheritedSettings(parent);
  for (const child of command.commands) inherit(command, child);
}

function configure(terminal: Terminal, command: CommandUnknownOpts): void {
  const { json, debug, color } = command.optsWithGlobals();
  terminal.configure({
    json: json === true,
    debug: debug === true,
    colour: color === false ? false : undefined,
  });
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return manifest instanceof Object && "version" in manifest ? String(manifest.version) : "unknown";
}
