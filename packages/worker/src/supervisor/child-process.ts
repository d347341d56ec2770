import { type ChildProcess, fork, spawn } from "node:child_process";
import { SUPERVISED } from "./child-link.ts";
import {
  type ChildReport,
  type Farewell,
  parseFarewell,
  parseReport,
  type StopMessage,
} from "./child-messages.ts";
import { exitCause } from "./exit-cause.ts";
import type { SupervisorOptions } from "./supervisor.ts";

export interface ChildEnd {
  readonly code: number | null;
  readonly cause: string;
}

/** One life of one child: from its start to its end, with what it says in between. */
export class WorkerChild {
  readonly startedAt: number = performance.now();
  readonly ended: Promise<ChildEnd>;
  readonly #child: ChildProcess;
  readonly #assignedId: string;
  #report: ChildReport | undefined;
  #reportedAt: number = performance.now();
  #everRan = false;
  #farewell: Omit<Farewell, "imgq"> = { finished: 0, released: 0, byCommand: false };
  #kill: string | undefined;

  constructor(options: SupervisorOptions, workerId: string, onReport: () => void) {
    this.#assignedId = workerId;
    this.#child = startProcess(options, workerId);
    this.#child.on("message", (message) => {
      this.#listen(message);
      onReport();
    });
    this.ended = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve({ code: null, cause: `not started: ${error.message}` }));
      // After `exit` messages may still come; `close` is the last.
      this.#child.once("close", (code, signal) =>
        resolve({ code, cause: this.#kill ?? exitCause(code, signal) }),
      );
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The id it uses, which it may have chosen itself. */
  get workerId(): string {
    return this.#report?.workerId ?? this.#assignedId;
  }

  get report(): ChildReport | undefined {
    return this.#report;
  }

  get reportAgeMs(): number {
    return performance.now() - this.#reportedAt;
  }

  /** Whether it has ever claimed tasks. */
  get everRan(): boolean {
    return this.#everRan;
  }

  /** What it said at its stop. */
  get farewell(): Omit<Farewell, "imgq"> {
    return this.#farewell;
  }

  /** Asks it to stop. One that does not speak with us gets a signal. */
  stop(timeoutMs: number, reason: string): void {
    if (this.#report === undefined || !this.#child.connected) {
      this.#child.kill("SIGTERM");
      return;
    }
    // JSON has no infinity.
    const message: StopMessage = { imgq: "stop", timeoutMs: Math.min(timeoutMs, 2 ** 31 - 1), reason };
    this.#child.send(message, () => {});
  }

  /** SIGKILL. The reason becomes the cause of its end. */
  kill(reason: string): void {
    this.#kill = `killed by the supervisor: ${reason}`;
    this.#child.kill("SIGKILL");
  }

  #listen(message: unknown): void {
    const report = parseReport(message);
    if (report !== undefined) {
      this.#report = report;
      this.#reportedAt = performance.now();
      if (report.status === "running") this.#everRan = true;
    }
    const farewell = parseFarewell(message);
    if (farewell !== undefined) this.#farewell = farewell;
  }
}

function startProcess(options: SupervisorOptions, workerId: string): ChildProcess {
  const { modulePath, command, args = [], execArgv } = options;
  const env = { ...process.env, ...options.env, [SUPERVISED]: "1", IMGQ_WORKER_ID: workerId };
  if (modulePath !== undefined) {
    return fork(modulePath, [...args], {
      env,
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
  }
  const [file, ...rest] = command ?? [process.execPath];
  return spawn(file, [...rest, ...args], { env, stdio: ["ignore", "inherit", "inherit", "ipc"] });
}
