import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { compileProgram } from "./compile-program.ts";

/** A line a program wrote to its standard output, parsed when it is a JSON object. */
export interface OutputLine {
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of node itself, such as `--max-old-space-size=64`. */
  readonly nodeArgs?: readonly string[];
  /** Run through this command, such as `["faketime", "+1h"]`. */
  readonly through?: readonly string[];
}

/** A Node program that a test started and can hurt. */
export interface NodeProcess {
  readonly pid: number;
  readonly lines: readonly OutputLine[];
  /** The last 16 KB of standard error. */
  readonly errorOutput: string;
  readonly running: boolean;
  /** Resolves when the process has ended. Never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** Resolves with the first line, past or future, that `matches`. Rejects when the process ends or time is up first. */
  waitForLine(matches: string | ((line: OutputLine) => boolean), timeoutMs?: number): Promise<OutputLine>;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<ProcessEnd>;
  freeze(): void;
  thaw(): void;
  /** How the process ended; rejects if it has not within `timeoutMs`. @default 30000 */
  endWithin(timeoutMs?: number): Promise<ProcessEnd>;
}

const running = new Set<NodeProcess>();

/** Every process of this program that still runs. */
export function runningProcesses(): readonly NodeProcess[] {
  return [...running];
}

/** Starts `module` (a path or file URL; TypeScript is compiled first) as its own process. */
export async function spawnNode(
  module: string | URL,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<NodeProcess> {
  const path = module instanceof URL ? fileURLToPath(module) : module;
  const program = path.endsWith(".ts") ? await compileProgram(path) : path;
  const [command, ...commandArgs] = [
    ...(options.through ?? []),
    process.execPath,
    "--enable-source-maps",
    ...(options.nodeArgs ?? []),
    program,
    ...args,
  ];
  if (command === undefined) throw new Error("There is no command to run.");
  const child = spawn(command, commandArgs, {
    env: withoutVitest({ ...process.env, ...options.env }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const started = new SpawnedProcess(child, path);
  await started.spawned;
  running.add(started);
  void started.ended.then(() => running.delete(started));
  return started;
}

/** A program under test must behave as in production, not as under a test runner. */
function withoutVitest(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith("VITEST"));
  return Object.fromEntries(kept.filter(([name]) => !["TEST", "NODE_ENV", "NODE_OPTIONS"].includes(name)));
}

class SpawnedProcess implements NodeProcess {
  readonly lines: OutputLine[] = [];
  readonly ended: Promise<ProcessEnd>;
  readonly spawned: Promise<void>;
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #watchers = new Set<(line: OutputLine) => void>();
  #errorOutput = "";

  constructor(child: ChildProcess, name: string) {
    this.#child = child;
    this.#name = name;
    this.spawned = new Promise((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    // `close` comes after the last line has been read.
    this.ended = new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on("line", (text) => this.#heard(text));
    }
    child.stderr?.on("data", (chunk: Buffer) => {
      this.#errorOutput = (this.#errorOutput + chunk.toString()).slice(-16_384);
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.#name} was not started.`);
    return this.#child.pid;
  }

  get errorOutput(): string {
    return this.#errorOutput;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async waitForLine(
    matches: string | ((line: OutputLine) => boolean),
    timeoutMs: number = 30_000,
  ): Promise<OutputLine> {
    const test = typeof matches === "string" ? ({ text }: OutputLine) => text.includes(matches) : matches;
    const past = this.lines.find(test);
    if (past !== undefined) return past;
    return new Promise((resolve, reject) => {
      const watch = (line: OutputLine): void => {
        if (test(line)) finish(() => resolve(line));
      };
      const fail = (why: string): void =>
        finish(() => reject(this.#failure(`${why} before ${String(matches)}`)));
      const timer = setTimeout(() => fail(`${timeoutMs} ms passed`), timeoutMs);
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.#watchers.delete(watch);
        settle();
      };
      this.#watchers.add(watch);
      void this.ended.then(({ code, signal }) => fail(`it ended (${signal ?? code})`));
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<ProcessEnd> {
    this.#child.kill("SIGKILL");
    return this.ended;
  }

  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child.kill("SIGCONT");
  }

  async endWithin(timeoutMs: number = 30_000): Promise<ProcessEnd> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#failure(`It still runs after ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      return await Promise.race([this.ended, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #heard(text: string): void {
    const line = { text, fields: parseFields(text) };
    this.lines.push(line);
    for (const watch of this.#watchers) watch(line);
  }

  #failure(what: string): Error {
    const tail = this.lines.slice(-5).map(({ text }) => text);
    return new Error([`${this.#name}: ${what}`, ...tail, this.#errorOutput.slice(-2000)].join("\n"));
  }
}

function parseFields(text: string): Record<string, unknown> {
  if (!text.startsWith("{")) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    // A line cut off by SIGKILL.
    return {};
  }
}
