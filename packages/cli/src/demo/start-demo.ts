import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SECOND } from "@imgq/core";
import { createMonitor, type Monitor } from "@imgq/monitor";
import type { ImageTask } from "@imgq/pipeline";
import { createQueue } from "@imgq/queue";
import { createRegistry } from "@imgq/registry";
import { superviseWorkers } from "@imgq/worker";
import { startRedisServer } from "../local-redis/index.ts";
import { defaults } from "../options.ts";
import type { System } from "../redis/open-system.ts";
import { tunedEnvironment, tunedOptions } from "../tuned-environment.ts";
import { settingsToEnvironment } from "../worker/worker-settings.ts";
import { demoKiller, demoProducer } from "./demo-chaos.ts";
import { makeDemoPictures } from "./demo-pictures.ts";

const processes = 3;
const concurrency = 1;
const shutdownTimeoutMs = 5 * SECOND;

export interface DemoOptions {
  /** Milliseconds from one killed worker to the next. */
  readonly killEveryMs: number;
  readonly env: NodeJS.ProcessEnv;
  /** Told what happens, in sentences. */
  readonly say: (text: string) => void;
}

/** A whole system that runs in this machine and in nobody's way: its own Redis, its own folder. */
export interface Demo {
  readonly system: System;
  readonly monitor: Monitor;
  readonly inputRoot: string;
  readonly outputRoot: string;
  /** Workers killed so far. */
  readonly kills: number;
  /** Ends everything it began and removes what it wrote. */
  stop(): Promise<void>;
}

/** Starts Redis, workers, a producer of tasks (a few of them poison), and somebody who kills workers. */
export async function startDemo({ killEveryMs, env, say }: DemoOptions): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), "imgq-demo-"));
  const inputRoot = join(folder, "pictures");
  const outputRoot = join(folder, "out");
  say("Starting a Redis of its own and drawing pictures …");
  const [redis, pictures] = await Promise.all([startRedisServer(), makeDemoPictures(inputRoot)]);
  const { url } = redis;
  const queue = createQueue<ImageTask>({ name: defaults.queue, redis: url });
  const registry = createRegistry({ redis: url });
  const settings = {
    redis: url,
    queue: queue.name,
    prefix: defaults.prefix,
    inputRoot,
    outputRoot,
    filterModules: [],
    concurrency,
    shutdownTimeoutMs,
    logFormat: "json",
    logLevel: "silent",
  } as const;
  const supervisor = superviseWorkers({
    modulePath: fileURLToPath(new URL("./worker-process.js", import.meta.url)),
    processes,
    queue,
    registry,
    env: { ...stringsOf(tunedEnvironment(env, concurrency)), ...settingsToEnvironment(settings) },
    execArgv: [...tunedOptions, ...process.execArgv],
    shutdownTimeoutMs,
  });
  let kills = 0;
  const producer = demoProducer(queue, pictures);
  const killer = demoKiller(supervisor, killEveryMs, (workerId) => {
    kills += 1;
    say(
      `Killed ${workerId} in the middle of its work: its task runs elsewhere, another process takes its place.`,
    );
  });
  const monitor = createMonitor({ queues: [queue], registry, redis: url });
  await supervisor.start();
  await Promise.all([producer.start(), killer.start()]);
  say(
    `${processes} worker processes run; tasks are added; some pictures are broken; workers will be killed.`,
  );
  return {
    system: { url, queue, registry },
    monitor,
    inputRoot,
    outputRoot,
    get kills() {
      return kills;
    },
    stop: async () => {
      await Promise.all([producer.stop(), killer.stop()]);
      await supervisor.stop();
      await monitor.close();
      await supervisor.closeConnections();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function stringsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
