import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { summarizeError } from "@imgq/core";
import { UsageError } from "../errors.ts";
import { examples } from "../examples.ts";
import { exitCodes } from "../exit-code.ts";
import { defaults, duration, prefixOption, queueOption, redisOption, wholeNumber } from "../options.ts";
import { withSystem } from "../redis/open-system.ts";
import { formatDuration } from "../terminal/format.ts";
import type { Terminal } from "../terminal/terminal.ts";

interface Verdict {
  readonly healthy: boolean;
  readonly reasons: readonly string[];
}

/** `imgq health`: one exit code for probes of containers and for scripts. */
export function healthCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("health")
    .summary("exit code 0 when all is well, for probes and scripts")
    .description(
      "Without options: is Redis there, is a worker alive, does the queue move? With --probe: asks the worker of this machine, without Redis.",
    )
    .option("--workers <count>", "how many workers must be alive", wholeNumber("--workers", 0), 1)
    .option(
      "--max-age <duration>",
      "how long a task may have been pending, such as 5m",
      duration("--max-age"),
    )
    .option("--probe [port]", `ask the worker on this port (${defaults.healthPort})`)
    .option("--ready", "with --probe: may it take tasks, and not only: does it live")
    .addOption(redisOption())
    .addOption(queueOption())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        ["is the system in order?", "imgq health --workers 2 --max-age 5m"],
        ["in a Dockerfile", "HEALTHCHECK CMD imgq health --probe"],
      ),
    )
    .action(async (_options, command) => {
      const { workers, maxAge, probe, ready, ...options } = command.optsWithGlobals();
      const verdict =
        probe === undefined
          ? await withSystem(options, async ({ queue, registry }) => {
              const [stats, alive] = await Promise.all([queue.stats(), registry.active()]);
              const reasons = [];
              if (alive.length < workers)
                reasons.push(`${alive.length} workers are alive, ${workers} are wanted`);
              for (const worker of alive.filter((one) => one.state === "wedged")) {
                reasons.push(`worker ${worker.id} is wedged`);
              }
              if (maxAge !== undefined && stats.oldestPendingAgeMs > maxAge) {
                reasons.push(`a task has been pending for ${formatDuration(stats.oldestPendingAgeMs)}`);
              }
              return { healthy: reasons.length === 0, reasons };
            })
          : await askWorker(portOf(probe), ready === true ? "readyz" : "livez");
      if (!verdict.healthy) terminal.exitCode = exitCodes.failed;
      terminal.show(verdict, () =>
        verdict.healthy ? "healthy" : `unhealthy: ${verdict.reasons.join("; ")}`,
      );
    });
}

function portOf(probe: string | true): number {
  if (probe === true) return defaults.healthPort;
  const port = Number(probe);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UsageError(`--probe takes a port; got "${probe}".`);
}

async function askWorker(port: number, path: string): Promise<Verdict> {
  const url = `http://127.0.0.1:${port}/${path}`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3000) });
    const text = (await response.text()).trim();
    return response.ok
      ? { healthy: true, reasons: [] }
      : { healthy: false, reasons: [text || `${url} answers ${response.status}`] };
  } catch (error) {
    const { cause } = error instanceof Error ? error : { cause: undefined };
    return { healthy: false, reasons: [`${url} does not answer: ${summarizeError(cause ?? error).message}`] };
  }
}
