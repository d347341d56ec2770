export { type ExitCode, exitCodes } from "./exit-code.ts";
export { runCommandLine } from "./run-command-line.ts";
export type { TerminalStreams } from "./terminal/terminal.ts";
