import { relaunch } from "./relaunch.ts";
import { runCommandLine } from "./run-command-line.ts";

// `imgq tasks list | head` closes the pipe early: that is the end of the output, not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

const { stdin, stdout, stderr, env } = process;
process.exitCode = await runCommandLine(process.argv.slice(2), { stdin, stdout, stderr, env, relaunch });
