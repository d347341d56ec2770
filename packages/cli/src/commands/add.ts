import { access } from "node:fs/promises";
import { relative } from "node:path";
import { Command, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { summarizeError } from "@imgq/core";
import type { AddOptions, Queue, Task } from "@imgq/queue";
import type { ImageTask } from "@imgq/pipeline";
import type { Registry } from "@imgq/registry";
import { imagePayloads, parseSteps } from "../add/image-payloads.ts";
import { waitForTasks } from "../add/wait-for-tasks.ts";
import { encodeFrom, extensionOf, formatOption, qualityOption } from "../encode-flags.ts";
import { examples } from "../examples.ts";
import { exitCodes } from "../exit-code.ts";
import { listenForInterrupt } from "../interrupt.ts";
import { collect, duration, prefixOption, queueOption, redisOption, wholeNumber } from "../options.ts";
import { findPictures, type FoundPicture } from "../process/find-pictures.ts";
import { renderFailures } from "../process/render-failures.ts";
import { withSystem } from "../redis/open-system.ts";
import { formatAmount } from "../terminal/format.ts";
import { plainText } from "../terminal/plain-text.ts";
import { ProgressBar } from "../terminal/progress-bar.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { priorities } from "../vocabulary.ts";

/** Tasks added in one call. */
const batchSize = 500;

/** `imgq add`: one task for each file. */
export function addCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("add")
    .summary("add files to a queue, and wait for them if you like")
    .description(
      "Adds one task for each file. Workers read it below their --input folder and write below their --output folder.",
    )
    .argument("<files...>", "files, folders, or patterns such as 'photos/**/*.jpg'")
    .option("--filters <steps>", 'what to do, such as "grayscale | blur(2)"; see imgq filters')
    .option("--root <folder>", "the folder that workers read from, as it is named here", ".")
    .option("--out <folder>", "folder for the outputs, below that of the workers", "")
    .addOption(formatOption())
    .addOption(qualityOption())
    .option("--name <template>", "name of an output: {name}, {ext} and {index} are filled in", "{name}")
    .option(
      "--load <module>",
      "module or package with filters of your own; the workers need them too; may be repeated",
      collect,
    )
    .addOption(
      new Option("--priority <priority>", "who comes first").choices(priorities).default("normal" as const),
    )
    .option("--delay <duration>", "begin later, such as 10m", duration("--delay"))
    .option("--max-retries <count>", "retries after the first attempt", wholeNumber("--max-retries", 0))
    .option("--timeout <duration>", "how long one attempt may take, such as 1m", duration("--timeout"))
    .option("--dedupe", "add nothing for a task that waits or runs already")
    .option("--wait", "wait until all are done; exit code 1 if one fails")
    .addOption(redisOption())
    .addOption(queueOption())
    .addOption(prefixOption())
    .addHelpText(
      "after",
      examples(
        [
          "a whole tree; the workers run with --input photos",
          `imgq add 'photos/**/*.jpg' --root photos --filters "resize(1200)" --format webp`,
        ],
        ["and wait, with a progress bar", `imgq add photos/*.jpg --filters grayscale --wait`],
        ["before all others, tonight", "imgq add cover.jpg --filters sharpen --priority high --delay 8h"],
      ),
    )
    .action(async (patterns, _options, command) => {
      const options = command.optsWithGlobals();
      const pictures = await findPictures(patterns, options.out === "" ? "\0" : options.out);
      const steps = await parseSteps(options.filters ?? "", options.load ?? []);
      const payloads = imagePayloads(pictures, steps, {
        root: options.root,
        out: options.out,
        extension: extensionOf(options.format),
        template: options.name,
        encode: encodeFrom(options),
      });
      await noteMissing(pictures, terminal);
      await withSystem(options, async ({ queue, registry }) => {
        const ids = await addAll(queue, payloads, addOptionsOf(options));
        const added = payloads.map(({ input, output }, index) => ({ id: ids[index] ?? "", input, output }));
        const said = `Added ${formatAmount(added.length, "task")} to ${queue.name}.`;
        if (options.wait !== true) {
          const listed =
            added.length > 10
              ? ""
              : `\n${added.map(({ id, input }) => `  ${id}  ${plainText(input)}`).join("\n")}`;
          terminal.show({ queue: queue.name, tasks: added }, () => said + listed);
          return;
        }
        terminal.note(said);
        await warnWithoutWorkers(registry, queue, terminal);
        const tasks = await waitVisibly(queue, ids, terminal);
        showEnd(tasks, added, queue.name, terminal);
      });
    });
}

/** Said, not refused: the workers may have files that this machine has not. */
async function noteMissing(pictures: readonly FoundPicture[], terminal: Terminal): Promise<void> {
  const there = await Promise.all(
    pictures.map(({ path }) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  const missing = pictures.filter((_, index) => there[index] === false);
  if (missing.length === 0) return;
  const names = missing.slice(0, 3).map(({ path }) => plainText(relative(".", path)));
  const more = missing.length > 3 ? ` and ${missing.length - 3} more` : "";
  terminal.note(`Not found here: ${names.join(", ")}${more}. The workers must have it, or the task dies.`);
}

interface Flags {
  readonly priority: "high" | "normal" | "low";
  readonly delay?: number | undefined;
  readonly maxRetries?: number | undefined;
  readonly timeout?: number | undefined;
  readonly dedupe?: true | undefined;
}

function addOptionsOf({ priority, delay, maxRetries, timeout, dedupe }: Flags): AddOptions {
  return {
    priority,
    ...(delay === undefined ? {} : { delayMs: delay }),
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(dedupe === true ? { dedupe } : {}),
  };
}

async function addAll(queue: Queue, payloads: readonly ImageTask[], options: AddOptions): Promise<string[]> {
  const ids: string[] = [];
  for (let start = 0; start < payloads.length; start += batchSize) {
    const batch = payloads.slice(start, start + batchSize).map((payload) => ({ payload, ...options }));
    ids.push(...(await queue.addMany(batch)));
  }
  return ids;
}

async function warnWithoutWorkers(registry: Registry, queue: Queue, terminal: Terminal): Promise<void> {
  const serving = (await registry.active()).filter((worker) => worker.metadata.queues.includes(queue.name));
  if (serving.length === 0) {
    terminal.note(
      `No worker serves ${queue.name} yet: start one with imgq worker. Ctrl-C ends only the waiting.`,
    );
  }
}

async function waitVisibly(queue: Queue, ids: readonly string[], terminal: Terminal): Promise<Task[]> {
  const bar = new ProgressBar(terminal, "task");
  using interrupt = listenForInterrupt(() => {
    bar.clear();
    terminal.note("No longer waiting; the tasks go on.");
  });
  const tasks = await waitForTasks(queue, ids, {
    signal: interrupt.signal,
    onProgress: (state) => bar.update(state),
  });
  bar.clear();
  return tasks;
}

function showEnd(
  ended: readonly Task[],
  added: readonly { readonly id: string; readonly input: string; readonly output: string }[],
  queue: string,
  terminal: Terminal,
): void {
  const taskOf = new Map(ended.map((task) => [task.id, task]));
  const tasks = added.map((one) => {
    const task = taskOf.get(one.id);
    const { state = "unknown", result, lastError } = task ?? {};
    return {
      ...one,
      state,
      ...(result === undefined ? {} : { result }),
      ...(lastError === undefined ? {} : { lastError }),
    };
  });
  const completed = ended.filter((task) => task.state === "completed").length;
  const failures = tasks
    .filter(({ state }) => state === "dead" || state === "cancelled")
    .map(({ input, state, lastError }) => ({ input, error: lastError ?? summarizeError(state) }));
  if (completed < added.length) terminal.exitCode = exitCodes.failed;
  terminal.show({ queue, completed, failed: failures.length, tasks }, () => {
    const { paint } = terminal;
    const said = `${paint("good", "✓")} ${formatAmount(completed, "task")} completed`;
    return [said, ...renderFailures(failures, "task", terminal)].join("\n");
  });
}
