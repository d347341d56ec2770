import { CommanderError } from "@commander-js/extra-typings";
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
      terminal.showError(presentError(new UsageError(usageMessage(error.message))));
    } else {
      terminal.showError(presentError(error));
    }
  }
  return terminal.exitCode;
}

/** Commander's sentence, with the way to help. */
function usageMessage(message: string): string {
  const text = message.replace(/^error: /, "").replace(/\s*\n\s*/g, ". ");
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return `${sentence.endsWith("?)") ? sentence : `${sentence.replace(/\.$/, "")}.`} Add --help for examples.`;
}
