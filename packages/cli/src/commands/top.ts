import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "../examples.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { duration, prefixOption, queuesOption, redisOption, wholeNumber } from "../options.ts";
import { withQueues } from "../redis/open-system.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { printLooks } from "../top/print-looks.ts";
import { TopSession } from "../top/top-session.ts";

const shortestIntervalMs = 100;

/** `imgq top`: the live view. */
export function topCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("top")
    .summary("live view: queues, workers, tasks, dead letters")
    .description(
      "Shows the system live and lets you steer it with keys. Without a terminal: one line (or JSON object) a look.",
    )
    .option("--interval <duration>", "time between looks", duration("--interval"), 1000)
    .option("--count <looks>", "without a terminal: end after so many looks", wholeNumber("--count", 1))
    .addOption(redisOption())
    .addOption(queuesOption())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        ["watch and steer (? shows the keys, n goes to the next queue)", "imgq top"],
        ["ten looks for a program", "imgq top --json --count 10"],
      ),
    )
    .action((_options, command) => {
      const { interval, count, ...options } = command.optsWithGlobals();
      return withQueues(options, async (system) => {
        const { createMonitor } = await import("@imgq/monitor");
        const { url, queues, registry } = system;
        const monitor = createMonitor({ queues, registry, redis: url });
        const { stdin, stdout } = terminal.streams;
        const fullScreen =
          stdin.isTTY === true && stdout.isTTY === true && !terminal.json && count === undefined;
        const intervalMs = Math.max(shortestIntervalMs, interval);
        try {
          if (fullScreen) {
            const { streams, paint } = terminal;
            await new TopSession({ system, monitor, intervalMs, streams, paint }).run();
          } else {
            using interrupt = listenForInterrupt();
            await printLooks(monitor, terminal, { intervalMs, count, signal: interrupt.signal });
          }
        } finally {
          await monitor.close();
        }
      });
    });
}
