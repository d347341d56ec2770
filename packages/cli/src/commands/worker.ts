import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { createLogger, logLevels } from "@imgq/core";
import { UsageError } from "../errors.ts";
import { examples } from "../examples.ts";
import { exitCodes } from "../exit-code.ts";
import { loadFilters } from "../filter-modules.ts";
import {
  collect,
  defaults,
  duration,
  prefixOption,
  queueOption,
  redisOption,
  wholeNumber,
} from "../options.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Enough for most machines; more processes are better started by a scheduler that sees the whole machine. */
const mostProcesses = 4;
const MEGABYTE = 1e6;

/** `imgq worker`: worker processes under a supervisor. */
export function workerCommand(terminal: Terminal): CommandUnknownOpts {
  const processes = Math.min(mostProcesses, availableParallelism());
  return new Command("worker")
    .summary("run workers: processes that are replaced when they die")
    .description(
      "Runs workers that put pictures of a queue through their filters. The first Ctrl-C or SIGTERM lets them finish what they have, a second one gives it back at once; nothing is lost either way.",
    )
    .option("--input <folder>", "folder that pictures are read from", ".")
    .option("--output <folder>", "folder that pictures are written to", defaults.outputFolder)
    .option("--filters <module>", "module or package with filters of your own; may be repeated", collect)
    .option("--processes <count>", "worker processes", wholeNumber("--processes", 1, 1024), processes)
    .option(
      "--concurrency <slots>",
      "pictures at once in each process (default: all cores + 1, shared out)",
      wholeNumber("--concurrency", 1, 1024),
    )
    .option(
      "--memory-limit <megabytes>",
      "of each process: above it one picture at a time, above twice it a fresh process",
      wholeNumber("--memory-limit", 64),
    )
    .option(
      "--recycle-after <tasks>",
      "replace a process after so many tasks",
      wholeNumber("--recycle-after", 1),
    )
    .option(
      "--shutdown-timeout <duration>",
      "how long running pictures may go on at the end",
      duration("--shutdown-timeout"),
      30_000,
    )
    .option(
      "--health-port <port>",
      `for /livez, /readyz and /metrics (default: ${defaults.healthPort})`,
      wholeNumber("--health-port", 0, 65_535),
    )
    .option("--health-host <address>", "address the health port listens on", "127.0.0.1")
    .option("--no-health", "no health port")
    .addOption(
      new Option("--log <format>", "pretty or json (default: pretty on a terminal)").choices([
        "pretty",
        "json",
      ] as const),
    )
    .addOption(
      new Option("--log-level <level>", "from which level on").choices(logLevels).default("info" as const),
    )
    .addOption(redisOption())
    .addOption(queueOption())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        [
          "two processes with two pictures each",
          "imgq worker --queue images --input photos --output out --processes 2 --concurrency 2",
        ],
        ["with filters of your own", "imgq worker --input photos --filters ./my-filters.mjs"],
        [
          "in a container",
          "imgq worker --input /data/in --output /data/out --log json --health-host 0.0.0.0",
        ],
      ),
    )
    .action(async (_options, command) => {
      const options = command.optsWithGlobals();
      const filterModules = options.filters ?? [];
      await checkFolder(options.input);
      // Before any process is started: five of them failing in a row say less.
      await loadFilters(filterModules);
      const pretty = terminal.streams.stderr.isTTY === true && !terminal.json;
      const logFormat = terminal.json ? "json" : (options.log ?? (pretty ? "pretty" : "json"));
      const shared = Math.ceil((availableParallelism() + 1) / options.processes);
      const { runWorkers } = await import("../worker/run-workers.ts");
      const exit = await runWorkers({
        settings: {
          redis: options.redis ?? defaults.redisUrl,
          queue: options.queue,
          prefix: options.prefix,
          inputRoot: resolve(options.input),
          outputRoot: resolve(options.output),
          filterModules,
          concurrency: options.concurrency ?? shared,
          shutdownTimeoutMs: options.shutdownTimeout,
          ...(options.memoryLimit === undefined ? {} : { memoryLimitBytes: options.memoryLimit * MEGABYTE }),
          logFormat,
          logLevel: options.logLevel,
        },
        processes: options.processes,
        recycleAfterTasks: options.recycleAfter,
        health: options.health ? { host: options.healthHost, port: options.healthPort } : undefined,
        env: terminal.streams.env,
        log: createLogger({ format: logFormat, level: options.logLevel }),
      });
      if (exit.failed) terminal.exitCode = exitCodes.failed;
    });
}

async function checkFolder(folder: string): Promise<void> {
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory() !== true) {
    throw new UsageError(`--input "${folder}" is not a folder. Give the folder that pictures are read from.`);
  }
}
