import { CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { UsageError } from "./errors.ts";
import { exitCodes } from "./exit-code.ts";
import { presentError } from "./present-error.ts";
import { createProgram } from "./program.ts";
import { Terminal, type TerminalStreams } from "./terminal/terminal.ts";

/**
 * Runs one command line (without `node` and the script) and resolves with its exit code, one of {@link exitCodes}. Never rejects: whatever goes
 * wrong is shown on the streams.
 */
export async function runCommandLine(args: readonly string[], streams: TerminalStreams): Promise<number> {
  const terminal = new Terminal(streams);
  // Before the line is parsed: its own errors are shown the way it asks for.
  terminal.configure({
    json: args.includes("--json"),
    debug: args.includes("--debug"),
    colour: args.includes("--no-color") ? false : undefined,
  });
  const program = createProgram(terminal);
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      // --help and --version end this way, and so does a group of commands named alone.
      if (error.exitCode === 0 || error.code === "commander.help") return exitCodes.ok;
      const message = unknownSubcommand(program, args) ?? usageMessage(error.message);
      terminal.showError(presentError(new UsageError(message)));
    } else {
      terminal.showError(presentError(error));
    }
  }
  return terminal.exitCode;
}

/** A group takes a word it does not know for an argument of its default command; people mean a command. */
function unknownSubcommand(program: CommandUnknownOpts, args: readonly string[]): string | undefined {
  const at = args.findIndex((word) => !word.startsWith("-"));
  const group = program.commands.find((command) => command.name() === args[at]);
  const word = args[at + 1];
  if (group === undefined || group.commands.length === 0 || word === undefined || word.startsWith("-"))
    return undefined;
  const names = group.commands.map((command) => command.name());
  if (word === "help" || names.includes(word)) return undefined;
  return `"${word}" is no command of imgq ${group.name()}. There are ${names.slice(0, -1).join(", ")} and ${names.at(-1)}.`;
}

/** Commander's sentence, with the way to help. */
function usageMessage(message: string): string {
  const text = message.replace(/^error: /, "").replace(/\s*\n\s*/g, ". ");
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return `${sentence.endsWith("?)") ? sentence : `${sentence.replace(/\.$/, "")}.`} Add --help for examples.`;
}
