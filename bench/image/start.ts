// Starts main.ts as imgq starts its own processes for pictures, so that every contestant in it and below it has the same
// settings of the allocator and of V8.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { defaultSlots, tunedEnvironment, tunedOptions } from "../../packages/cli/src/tuned-environment.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const child = spawn(
  process.execPath,
  [...tunedOptions, ...process.execArgv, main, ...process.argv.slice(2)],
  {
    env: tunedEnvironment(process.env, defaultSlots()),
    stdio: "inherit",
  },
);
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});
