import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Finding } from "@imgq/monitor";
import { problem } from "../doctor/finding.ts";
import { imageFindings } from "../doctor/image-findings.ts";
import { machineFindings } from "../doctor/machine-findings.ts";
import { redisFindings } from "../doctor/redis-findings.ts";
import { RedisUnreachableError } from "../errors.ts";
import { examples } from "../examples.ts";
import { exitCodes } from "../exit-code.ts";
import { prefixOption, queueOption, redisOption } from "../options.ts";
import { type SystemOptions, withSystem } from "../redis/open-system.ts";
import type { Paint } from "../terminal/paint.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** `imgq doctor`: looks at everything imgq depends on and says what to do about what it finds. */
export function doctorCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("doctor")
    .summary("check Redis, Node.js, sharp and this machine, with remedies")
    .description("Looks at everything imgq depends on and says what to do about what it finds.")
    .addOption(redisOption())
    .addOption(queueOption())
    .addOption(prefixOption())
    .option("--no-redis", "look only at this machine")
    .addHelpText(
      "after",
      examples(
        ["is everything in order?", "imgq doctor --redis redis://localhost:6379"],
        ["can this machine process pictures?", "imgq doctor --no-redis"],
        ["in a deployment script: stop on an error", "imgq doctor --json > doctor.json"],
      ),
    )
    .action(async (_options, command) => {
      const options = command.optsWithGlobals();
      const findings = [...machineFindings(terminal.streams.env), ...(await imageFindings())];
      if (options.redis !== false) {
        const redis = typeof options.redis === "string" ? options.redis : undefined;
        findings.push(...(await lookAtRedis(terminal, { ...options, redis })));
      }
      if (findings.some((finding) => finding.level === "error") && terminal.exitCode === exitCodes.ok) {
        terminal.exitCode = exitCodes.failed;
      }
      terminal.show({ findings }, () => renderFindings(findings, terminal.paint));
    });
}

async function lookAtRedis(terminal: Terminal, options: SystemOptions): Promise<Finding[]> {
  try {
    return await withSystem(options, async (system) => {
      const { requireRedis } = await import("../redis/require-redis.ts");
      const connection = await requireRedis(system.url);
      try {
        return await redisFindings(connection, system);
      } finally {
        await connection.close();
      }
    });
  } catch (error) {
    if (!(error instanceof RedisUnreachableError)) throw error;
    terminal.exitCode = exitCodes.unreachable;
    return [
      problem(
        "redis",
        error.message.replace(/\. Start it.*$/, ""),
        "Start Redis, or say where it is with --redis or REDIS_URL.",
      ),
    ];
  }
}

function renderFindings(findings: readonly Finding[], paint: Paint): string {
  const mark = { ok: paint("good", "✓"), warning: paint("warning", "!"), error: paint("bad", "✗") };
  const width = Math.max(...findings.map((finding) => finding.check.length));
  const lines = findings.flatMap(({ check, level, summary, remedy }) => [
    `${mark[level]} ${paint("faint", check.padEnd(width))}  ${summary}`,
    ...(remedy === undefined ? [] : [`  ${" ".repeat(width)}  ${paint("accent", `→ ${remedy}`)}`]),
  ]);
  const count = (level: Finding["level"]): number =>
    findings.filter((finding) => finding.level === level).length;
  const verdict =
    count("error") > 0
      ? paint("bad", `${count("error")} to mend`)
      : count("warning") > 0
        ? paint("warning", "Works; see the warnings")
        : paint("good", "All is well");
  return `${lines.join("\n")}\n\n${verdict}`;
}
