import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { encodeFrom, extensionOf, formatOption, qualityOption } from "../encode-flags.ts";
import { examples } from "../examples.ts";
import { exitCodes } from "../exit-code.ts";
import { collect, defaults, wholeNumber } from "../options.ts";
import { findPictures } from "../process/find-pictures.ts";
import { rememberRecipe, splitFinished } from "../process/finished-outputs.ts";
import { nameOutputs } from "../process/name-outputs.ts";
import { describeRun, renderDescription } from "../process/describe-run.ts";
import { planOf } from "../process/plan-of-run.ts";
import { runBatch } from "../process/run-batch.ts";
import { renderSummary } from "../process/summary.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { defaultSlots, tunedEnvironment, tunedMark } from "../tuned-environment.ts";

/** From this many pictures on, a process started with the right variables saves more than its start costs. */
const worthRelaunching = 16;

/** `imgq process`: filters files here and now, without Redis. */
export function processCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("process")
    .summary("put files through filters, here and now, without Redis")
    .description(
      "Puts files through filters, here and now, without Redis. Outputs that an earlier run has finished are skipped, so that an interrupted run is resumed by repeating it.",
    )
    .argument("<files...>", "files, folders, or patterns such as 'photos/**/*.jpg'")
    .option("--filters <steps>", 'what to do, such as "grayscale | blur(2)"; see imgq filters')
    .option("--out <folder>", "where outputs go, in the same tree as the inputs", defaults.outputFolder)
    .addOption(formatOption())
    .addOption(qualityOption())
    .option("--name <template>", "name of an output: {name}, {ext} and {index} are filled in", "{name}")
    .option("--load <module>", "module or package with filters of your own; may be repeated", collect)
    .option(
      "--concurrency <count>",
      "pictures at once (default: cores + 1)",
      wholeNumber("--concurrency", 1, 1024),
    )
    .option("--force", "make finished outputs again")
    .option("--dry-run", "show the plan, do nothing")
    .addHelpText(
      "after",
      examples(
        [
          "web pictures of a whole tree",
          `imgq process 'photos/**/*.jpg' --filters "resize(1200) | sharpen" --format webp`,
        ],
        [
          "what would be done, and in how many passes?",
          `imgq process photos --filters "grayscale | blur(2)" --dry-run`,
        ],
        ["another format, nothing else", "imgq process photos --format avif --quality 60 --out avif"],
        ["with a filter of your own", `imgq process photos --load ./my-filters.mjs --filters "polaroid"`],
      ),
    )
    .action(async (patterns, options) => {
      const slots = options.concurrency ?? defaultSlots();
      const named = nameOutputs(await findPictures(patterns, options.out), {
        outputFolder: options.out,
        format: extensionOf(options.format),
        template: options.name,
      });
      const { relaunch, env } = terminal.streams;
      const many = named.length >= worthRelaunching && options.dryRun !== true;
      if (relaunch !== undefined && env[tunedMark] === undefined && many) {
        terminal.exitCode = await relaunch(tunedEnvironment(env, slots));
        return;
      }
      const encode = encodeFrom(options);
      const plan = await planOf({
        written: options.filters ?? "",
        load: options.load ?? [],
        encode,
        named,
        outputFolder: options.out,
      });
      const recipe = { steps: plan.steps, encode };
      const { remaining, finished } =
        options.force === true
          ? { remaining: named, finished: [] }
          : await splitFinished(named, options.out, recipe);
      if (options.dryRun === true) {
        const description = describeRun(plan, remaining, finished);
        terminal.show(description, () => renderDescription(description, terminal));
        return;
      }
      await rememberRecipe(options.out, recipe);
      const outcome = await runBatch(plan, remaining, finished.length, slots, terminal);
      if (outcome.failures.length > 0 || outcome.interrupted) terminal.exitCode = exitCodes.failed;
      terminal.show(outcome, () => renderSummary(outcome, options.out, terminal));
    });
}
