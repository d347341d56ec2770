import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { RedisUnreachableError } from "../errors.ts";
import { examples } from "../examples.ts";
import { prefixOption, queuesOption, redisOption, wholeNumber } from "../options.ts";
import { redactUrl } from "../redis/redact-url.ts";
import { withQueues } from "../redis/open-system.ts";
import { renderDays } from "../render/render-days.ts";
import { renderStatus } from "../render/render-status.ts";
import type { Terminal } from "../terminal/terminal.ts";

const daysDefault = 14;
const lastDays = wholeNumber("--days", 1, 90);

/** `imgq status`: the whole system at one moment. */
export function statusCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("status")
    .summary("queues, workers and Redis at one glance")
    .description(
      "Shows how the queues, their workers and Redis are, and which alerts fire, once. For a live view: imgq top.",
    )
    .option("--days [count]", "what was done on each of the last days, by UTC (default: 14)", lastDays)
    .addOption(redisOption())
    .addOption(queuesOption())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        ["how is it going?", "imgq status"],
        ["with two queues only", "imgq status --queue images,thumbnails"],
        ["how were the last three months?", "imgq status --days 90"],
        ["how many wait?", "imgq status --json | jq '.queues[0].counts.pending'"],
      ),
    )
    .action((_options, command) => {
      const { days, ...options } = command.optsWithGlobals();
      if (days !== undefined) return showDays(options, days === true ? daysDefault : days, terminal);
      return withQueues(options, async ({ url, queues, registry }) => {
        const { createAlerts, createMonitor, redisAlertStore } = await import("@imgq/monitor");
        const monitor = createMonitor({ queues, registry, redis: url });
        // Without notifiers it shows what the monitors that watch have found, and never speaks for them.
        const alerts = createAlerts({
          monitor,
          store: redisAlertStore({ redis: url, prefix: options.prefix }),
        });
        try {
          const snapshot = await monitor.snapshot();
          if (snapshot.redis?.reachable === false) {
            throw new RedisUnreachableError(
              `Redis at ${redactUrl(url)} is unreachable: ${snapshot.redis.error.message}`,
            );
          }
          await alerts.check();
          const firing = await alerts.active();
          terminal.show({ ...snapshot, alerts: firing }, () =>
            renderStatus(snapshot, firing, terminal.paint),
          );
        } finally {
          await alerts.stop();
          await monitor.close();
        }
      });
    });
}

function showDays(
  options: Parameters<typeof withQueues>[0],
  count: number,
  terminal: Terminal,
): Promise<void> {
  return withQueues(options, async ({ queues }) => {
    const all = await Promise.all(
      queues.map(async (queue) => ({ name: queue.name, days: await queue.days(count) })),
    );
    terminal.show({ queues: all }, () =>
      all.map(({ name, days }) => renderDays(name, days, terminal.paint)).join("\n\n"),
    );
  });
}
