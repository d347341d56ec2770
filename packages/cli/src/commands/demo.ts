import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { DashboardServer } from "@imgq/dashboard";
import type { Demo } from "../demo/start-demo.ts";
import { examples } from "../examples.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { duration } from "../options.ts";
import { formatAmount, formatCount } from "../terminal/format.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { printLooks } from "../top/print-looks.ts";
import { TopSession } from "../top/top-session.ts";

/** `imgq demo`: a live system for newcomers. */
export function demoCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("demo")
    .summary("a live system to look at: workers die and recover, nothing is lost")
    .description(
      "Starts a whole system on this machine: its own Redis, worker processes that are killed now and then, and a few broken pictures. Everything is removed at the end.",
    )
    .option("--dashboard", "also serve the dashboard; its address is printed")
    .option("--for <duration>", "end by itself after this time, such as 60s", duration("--for"))
    .option("--kill-every <duration>", "time between two killed workers", duration("--kill-every"), 8000)
    .addHelpText(
      "after",
      examples(
        ["look around: 1 to 4 change the view, q ends it", "imgq demo"],
        ["in a browser", "imgq demo --dashboard"],
        ["half a minute, as plain lines", "imgq demo --for 30s | cat"],
      ),
    )
    .action(async (options) => {
      const { stdin, stdout, env } = terminal.streams;
      const fullScreen =
        stdin.isTTY === true && stdout.isTTY === true && !terminal.json && options.dashboard !== true;
      let session: TopSession | undefined;
      const say = (text: string): void =>
        session === undefined ? terminal.note(text) : session.announce(text);

      const { startDemo } = await import("../demo/start-demo.ts");
      const demo = await startDemo({ killEveryMs: options.killEvery, env, say });
      using interrupt = listenForInterrupt();
      const server = options.dashboard === true ? await serveDemo(demo, env, say) : undefined;
      if (server !== undefined) {
        terminal.showLine({ url: server.url }, () => `Dashboard: ${server.url}  (Ctrl-C ends the demo)`);
      }
      const over = new AbortController();
      const timer = options.for === undefined ? undefined : setTimeout(() => over.abort(), options.for);
      try {
        if (fullScreen) {
          const { system, monitor } = demo;
          session = new TopSession({
            system: { url: system.url, queues: [system.queue], registry: system.registry },
            monitor,
            intervalMs: 500,
            streams: terminal.streams,
            paint: terminal.paint,
          });
          over.signal.addEventListener("abort", () => session?.quit());
          await session.run();
          session = undefined;
        } else {
          const signal = AbortSignal.any([interrupt.signal, over.signal]);
          await printLooks(demo.monitor, terminal, { intervalMs: 1000, signal });
        }
        await showEnd(demo, terminal);
      } finally {
        clearTimeout(timer);
        await server?.close();
        terminal.note("Stopping …");
        await demo.stop();
      }
    });
}

/** The page with everything on it: pictures, and alarms, which are also said here. */
async function serveDemo(
  { system, monitor, inputRoot, outputRoot }: Demo,
  env: NodeJS.ProcessEnv,
  say: (text: string) => void,
): Promise<Pick<DashboardServer, "url" | "close">> {
  const [{ serveSystem }, { consoleNotifier, createAlerts }] = await Promise.all([
    import("../dashboard/serve-system.ts"),
    import("@imgq/monitor"),
  ]);
  const { queue, registry } = system;
  const alerts = createAlerts({ monitor, notify: [consoleNotifier({ write: say })] });
  await alerts.start();
  const server = await serveSystem({
    monitor,
    queues: [queue],
    registry,
    alerts,
    roots: { input: inputRoot, output: outputRoot },
    env,
  });
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await alerts.stop();
    },
  };
}

/** What a person has seen, in numbers. */
async function showEnd(demo: Demo, terminal: Terminal): Promise<void> {
  const { totals, counts } = await demo.system.queue.stats();
  const unfinished = counts.pending + counts.processing + counts.scheduled;
  const lost = totals.added - totals.completed - totals.dead - unfinished;
  const end = {
    kills: demo.kills,
    added: totals.added,
    completed: totals.completed,
    dead: totals.dead,
    unfinished,
    lost,
  };
  terminal.showLine(end, () =>
    [
      "",
      `${formatAmount(end.kills, "worker")} killed; of ${formatAmount(end.added, "task")} added, ${formatCount(end.completed)} completed,`,
      `${formatCount(end.dead)} died of their broken pictures, ${unfinished} were still to do, ${lost} were lost.`,
    ].join("\n"),
  );
}
