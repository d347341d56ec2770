import { spawn } from "node:child_process";
import { tunedOptions } from "./tuned-environment.ts";

/**
 * Runs this command line again in a child process with other variables and Node's tuned options, and resolves with its exit code. The child has our
 * streams; interrupts reach it as messages, for Ctrl-C in a terminal is sent to both of us and would count twice.
 */
export function relaunch(env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [...tunedOptions, ...process.execArgv, ...process.argv.slice(1)], {
    env,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  const passOn = (): void => {
    if (child.connected) child.send("interrupt");
  };
  process.on("SIGINT", passOn);
  process.on("SIGTERM", passOn);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      process.off("SIGINT", passOn);
      process.off("SIGTERM", passOn);
      if (signal !== null) process.stderr.write(`imgq: The working process was ended by ${signal}.\n`);
      resolve(code ?? 1);
    });
  });
}
