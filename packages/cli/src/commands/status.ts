import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { RedisUnreachableError } from "../errors.ts";
import { examples } from "../examples.ts";
import { prefixOption, queuesOption, redisOption } from "../options.ts";
import { redactUrl } from "../redis/redact-url.ts";
import { withQueues } from "../redis/open-system.ts";
import { renderSnapshot } from "../render/render-snapshot.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** `imgq status`: the whole system at one moment. */
export function statusCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("status")
    .summary("queues, workers and Redis at one glance")
    .description("Shows how the queues, their workers and Redis are, once. For a live view: imgq top.")
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
    .action((_options, command) =>
      withQueues(command.optsWithGlobals(), async ({ url, queues, registry }) => {
        const { createMonitor } = await import("@imgq/monitor");
        const monitor = createMonitor({ queues, registry, redis: url });
        try {
          const snapshot = await monitor.snapshot();
          if (snapshot.redis?.reachable === false) {
            throw new RedisUnreachableError(
              `Redis at ${redactUrl(url)} is unreachable: ${snapshot.redis.error.message}`,
            );
          }
          terminal.show(snapshot, () => renderSnapshot(snapshot, terminal.paint));
        } finally {
          await monitor.close();
        }
      }),
    );
}
