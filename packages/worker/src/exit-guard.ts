import { spawn } from "node:child_process";

/**
 * Ends the process now. Node's exit waits for native calls under way, which nothing can interrupt: a picture that hangs
 * in libvips would hold the process for ever. So a tiny guard process kills it, unless it is gone before.
 */
export function exitForSure(killAfterMs: number): never {
  const program = `
    const timer = setTimeout(() => process.kill(${process.pid}, "SIGKILL"), ${killAfterMs});
    process.stdin.on("close", () => clearTimeout(timer)).resume();`;
  // The pipe closes when this process has really ended, so that the guard never hits one that got the same number later.
  const guard = spawn(process.execPath, ["-e", program], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.on("error", () => {});
  guard.unref();
  process.exit();
}
