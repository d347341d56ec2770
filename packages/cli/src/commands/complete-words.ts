import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { complete } from "../completion/complete.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** `imgq __complete -- <words>`: asked by the scripts of `imgq completion`; one candidate and its description a line. */
export function completeWordsCommand(terminal: Terminal, program: CommandUnknownOpts): CommandUnknownOpts {
  return new Command("__complete").argument("[words...]").action((words) => {
    for (const { value, description } of complete(program, words)) terminal.print(`${value}\t${description}`);
  });
}
