import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { sleep } from "@imgq/core";
import type { Monitor, Snapshot } from "@imgq/monitor";
import { examples } from "../examples.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { duration, prefixOption, queueOption, redisOption, wholeNumber } from "../options.ts";
import { withSystem } from "../redis/open-system.ts";
import { formatDuration, formatInstant } from "../terminal/format.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { runTop } from "../top/run-top.ts";

/** `imgq top`: the live view. */
export function topCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("top")
    .summary("live view: queue, workers, tasks, dead letters")
    .description(
      "Shows the system live and lets you steer it with keys. Without a terminal: one line (or JSON object) a look.",
    )
    .option("--interval <duration>", "time between looks", duration("--interval"), 1000)
    .option("--count <looks>", "without a terminal: end after so many looks", wholeNumber("--count", 1))
    .addOption(redisOption())
    .addOption(queueOption())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        ["watch and steer (? shows the keys)", "imgq top --queue images"],
        ["ten looks for a program", "imgq top --json --count 10"],
      ),
    )
    .action((_options, command) => {
      const { interval, count, ...options } = command.optsWithGlobals();
      return withSystem(options, async (system) => {
        const { createMonitor } = await import("@imgq/monitor");
        const { url, queue, registry } = system;
        const monitor = createMonitor({ queues: [queue], registry, redis: url });
        const { stdin, stdout } = terminal.streams;
        const fullScreen =
          stdin.isTTY === true && stdout.isTTY === true && !terminal.json && count === undefined;
        try {
          if (fullScreen) await runTop(system, monitor, Math.max(100, interval), terminal);
          else await printLooks(monitor, Math.max(100, interval), count, terminal);
        } finally {
          await monitor.close();
        }
      });
    });
}

async function printLooks(
  monitor: Monitor,
  intervalMs: number,
  count: number | undefined,
  terminal: Terminal,
): Promise<void> {
  using interrupt = listenForInterrupt();
  for (let looks = 1; !interrupt.signal.aborted; looks += 1) {
    const snapshot = await monitor.snapshot();
    terminal.showLine(snapshot, () => lineOf(snapshot));
    if (looks === count) return;
    await sleep(intervalMs, interrupt.signal);
  }
}

function lineOf({ at, redis, queues: [queue], workers }: Snapshot): string {
  const time = formatInstant(at);
  if (redis?.reachable === false) return `${time}  Redis is unreachable: ${redis.error.message}`;
  if (queue === undefined) return `${time}  the queue could not be read`;
  const { pending, processing, scheduled, completed, dead } = queue.counts;
  const oldest =
    queue.oldestPendingAgeMs === 0 ? "" : ` · oldest ${formatDuration(queue.oldestPendingAgeMs)}`;
  return `${time}  ${queue.paused ? "paused · " : ""}pending ${pending} · scheduled ${scheduled} · processing ${processing} · completed ${completed} · dead ${dead} · ${Math.round(queue.recent.completedPerMinute)}/min · ${workers.alive} workers${oldest}`;
}
