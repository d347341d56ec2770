import { resolve } from "node:path";
import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { Notifier } from "@imgq/monitor";
import { UsageError } from "../errors.ts";
import { examples } from "../examples.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { prefixOption, redisOption, queuesOption, wholeNumber } from "../options.ts";
import { withQueues } from "../redis/open-system.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** `imgq dashboard`: the live web page, and the alarms. */
export function dashboardCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("dashboard")
    .summary("live web page: watch, steer, and be alarmed")
    .description(
      "Serves the dashboard until it is interrupted, and watches for alarms meanwhile. Only this machine sees it, unless a token is given.",
    )
    .option("--port <port>", "where to listen (default: 4747)", wholeNumber("--port", 0, 65_535))
    .option("--host <address>", "address to listen on; others than loopback need a token")
    .addOption(
      new Option("--token <text>", "who knows it may steer; 16 characters or more").env(
        "IMGQ_DASHBOARD_TOKEN",
      ),
    )
    .addOption(new Option("--view-token <text>", "who knows it may look").env("IMGQ_DASHBOARD_VIEW_TOKEN"))
    .option("--read-only", "let nobody change anything")
    .option("--input <folder>", "folder of the pictures, to show them (with --output)")
    .option("--output <folder>", "folder of the results, to show them (with --input)")
    .option("--alert-webhook <url>", "where alarms are sent as JSON")
    .addOption(new Option("--alert-secret <text>", "signs what is sent there").env("IMGQ_ALERT_SECRET"))
    .option("--alert-slack <url>", "where alarms are sent as Slack messages")
    .addOption(redisOption())
    .addOption(queuesOption())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        ["on this machine, with pictures", "imgq dashboard --input photos --output out"],
        ["for others", "IMGQ_DASHBOARD_TOKEN=$(openssl rand -hex 16) imgq dashboard --host 0.0.0.0"],
        [
          "several queues, alarms to a chat",
          "imgq dashboard --queue images,thumbnails --alert-slack https://hooks.slack.com/…",
        ],
      ),
    )
    .action((_options, command) => {
      const options = command.optsWithGlobals();
      const { input, output, alertWebhook, alertSecret, alertSlack } = options;
      if ((input === undefined) !== (output === undefined))
        throw new UsageError("Give --input and --output together.");
      return withQueues(options, async ({ registry, queues, url: redis }) => {
        const [{ serveSystem }, monitoring] = await Promise.all([
          import("../dashboard/serve-system.ts"),
          import("@imgq/monitor"),
        ]);
        const monitor = monitoring.createMonitor({ queues, registry, redis });
        const notify: Notifier[] = [
          monitoring.consoleNotifier({ write: (line) => terminal.note(line) }),
          ...(alertWebhook === undefined
            ? []
            : [
                monitoring.webhookNotifier(
                  alertWebhook,
                  alertSecret === undefined ? {} : { secret: alertSecret },
                ),
              ]),
          ...(alertSlack === undefined ? [] : [monitoring.slackNotifier(alertSlack)]),
        ];
        const alerts = monitoring.createAlerts({
          monitor,
          notify,
          store: monitoring.redisAlertStore({ redis, prefix: options.prefix }),
        });
        using interrupt = listenForInterrupt();
        await alerts.start();
        try {
          const server = await serveSystem({
            monitor,
            queues,
            registry,
            alerts,
            roots:
              input === undefined || output === undefined
                ? undefined
                : { input: resolve(input), output: resolve(output) },
            port: options.port,
            host: options.host,
            token: options.token,
            viewToken: options.viewToken,
            readOnly: options.readOnly,
            env: terminal.streams.env,
          });
          terminal.showLine({ url: server.url }, () => `Dashboard: ${server.url}  (Ctrl-C ends it)`);
          await new Promise<void>((over) => interrupt.signal.addEventListener("abort", () => over()));
          await server.close();
        } finally {
          await alerts.stop();
          await monitor.close();
        }
      });
    });
}
