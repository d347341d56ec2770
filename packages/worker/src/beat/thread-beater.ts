import { Worker as Thread } from "node:worker_threads";
import type { PortableSource } from "@imgq/core/redis";
import { within } from "../within.ts";
import type { Beater, BeaterOptions } from "./beater.ts";
import { SharedPulse } from "./shared-pulse.ts";
import { SharedSelf } from "./shared-self.ts";
import type { BeatThreadConfig, FromBeatThread, ToBeatThread } from "./thread-messages.ts";

const TELL_EVERY_MS = 50;
const MAX_RESTART_MS = 5000;

/** Beats from a thread of its own, which is started again should it ever end. */
export class ThreadBeater implements Beater {
  readonly #options: BeaterOptions;
  readonly #source: PortableSource;
  readonly #pulse = new SharedPulse();
  readonly #self = new SharedSelf();
  readonly #timers: NodeJS.Timeout[] = [];
  #thread: Thread | undefined;
  #toldAt = 0;
  #restarts = 0;
  #stopping = false;

  constructor(options: BeaterOptions, source: PortableSource) {
    this.#options = options;
    this.#source = source;
  }

  start(): void {
    const { intervalMs, limits } = this.#options;
    this.#spawn();
    const turnEveryMs = Math.min(250, limits.laggingAfterMs / 4);
    this.#timers.push(
      setInterval(() => this.#pulse.turn(), turnEveryMs),
      setInterval(() => this.tell(), intervalMs / 2),
    );
  }

  tell(): void {
    const self = this.#options.self();
    this.#pulse.longestTimeoutMs = self.longestTimeoutMs;
    this.#toldAt = performance.now();
    this.#self.write(self);
  }

  expect(timeoutMs: number): void {
    this.#pulse.longestTimeoutMs = Math.max(this.#pulse.longestTimeoutMs, timeoutMs);
    // Cheap enough for every claim of slow tasks; a flood of quick ones need not be told one by one.
    if (performance.now() - this.#toldAt > TELL_EVERY_MS) this.tell();
  }

  async stop(patienceMs: number): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    const thread = this.#thread;
    if (thread === undefined) return;
    const ended = new Promise<void>((resolve) => thread.once("exit", () => resolve()));
    const message: ToBeatThread = { type: "stop" };
    thread.postMessage(message);
    await within(patienceMs, ended);
    await thread.terminate();
  }

  #spawn(): void {
    const { log, onReport } = this.#options;
    this.tell();
    const thread = new Thread(threadFile(), {
      name: "imgq-beat",
      workerData: this.#config(),
      // Loaders and inspectors of the program are of no use to it, and may be slow.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    });
    this.#thread = thread;
    thread.on("message", (message: FromBeatThread) => {
      if (message.type === "report") onReport(message.report);
      else log[message.level](message.message, { ...message.fields, thread: "beat" });
    });
    thread.on("error", (error) => log.error("The beat thread failed", { error }));
    thread.once("exit", () => {
      this.#thread = undefined;
      if (!this.#stopping) this.#restart();
    });
  }

  #restart(): void {
    this.#restarts += 1;
    const delayMs = Math.min(100 * 2 ** (this.#restarts - 1), MAX_RESTART_MS);
    this.#options.log.warn("The beat thread ended, starting another", { restarts: this.#restarts, delayMs });
    setTimeout(() => {
      if (!this.#stopping) this.#spawn();
    }, delayMs).unref();
  }

  #config(): BeatThreadConfig {
    const { workerId, queue, registry, metadata, intervalMs, leaseMs, limits } = this.#options;
    return {
      workerId,
      queue: { source: this.#source, name: queue.name, prefix: queue.prefix },
      registry: registry?.connection(),
      metadata,
      intervalMs,
      leaseMs,
      limits,
      pulse: this.#pulse.memory,
      self: this.#self.memory,
    };
  }
}

/** Beside this file in the package; from the sources, as tests run them, it is the built one. */
function threadFile(): URL {
  const here = import.meta.url;
  return new URL(here.endsWith(".ts") ? "../../dist/beat-thread.js" : "./beat-thread.js", here);
}
