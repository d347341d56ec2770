import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { RedisUnreachableError } from "../errors.ts";
import { examples } from "../examples.ts";
import { prefixOption, queuesOption, redisOption } from "../options.ts";
import { redactUrl } from "../redis/redact-url.ts";
import { withQueues } from "../redis/open-system.ts";
import { renderStatus } from "../render/render-status.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** `imgq status`: the whole system at one moment. */
export function statusCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("status")
    .summary("queues, workers and Redis at one glance")
    .description(
      "Shows how the queues, their workers and Redis are, and which alerts fire, once. For a live view: imgq top.",
    )
    .addOption(redisOption())
    .addOption(queuesOption())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        ["how is it going?", "imgq status"],
        ["with two queues only", "imgq status --queue images,thumbnails"],
        ["how many wait?", "imgq status --json | jq '.queues[0].counts.pending'"],
      ),
    )
    .action((_options, command) => {
      const options = command.optsWithGlobals();
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
