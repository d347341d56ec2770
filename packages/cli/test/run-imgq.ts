import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The built command, as npm links it. */
export const imgqBin: string = fileURLToPath(new URL("../bin/imgq.js", import.meta.url));

export interface RunResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the command when it aborts. */
  readonly signal?: AbortSignal;
}

/** Runs `imgq` as a person's script would, and waits for its end. It sees no variables that change what it does. */
export function runImgq(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const child = spawn(process.execPath, [imgqBin, ...args], {
    cwd: options.cwd,
    env: { ...cleanEnvironment(), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const {
    REDIS_URL: _url,
    NO_COLOR: _no,
    FORCE_COLOR: _force,
    UV_THREADPOOL_SIZE: _pool,
    ...rest
  } = process.env;
  return rest;
}
