import { relative } from "node:path";
import type { BatchItem } from "@imgq/pipeline";
import { listenForInterrupt } from "../interrupt.ts";
import { ProgressBar } from "../terminal/progress-bar.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { Failure } from "./group-failures.ts";
import type { NamedOutput } from "./name-outputs.ts";
import type { RunPlan } from "./plan-of-run.ts";

/** What became of a run. Paths are relative to where the command is called. */
export interface RunOutcome {
  readonly succeeded: number;
  readonly failed: number;
  /** Finished by an earlier run. */
  readonly skipped: number;
  /** Not begun or not ended because the run was interrupted. */
  readonly notDone: number;
  readonly interrupted: boolean;
  readonly elapsedMs: number;
  readonly imagesPerSecond: number;
  readonly outputs: readonly WrittenOutput[];
  readonly failures: readonly Failure[];
}

interface WrittenOutput {
  readonly input: string;
  readonly output: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly format: string;
}

/** Makes `pairs`, showing progress. The first Ctrl-C lets nothing more begin. */
export async function runBatch(
  plan: RunPlan,
  pairs: readonly NamedOutput[],
  skipped: number,
  concurrency: number,
  terminal: Terminal,
): Promise<RunOutcome> {
  const tasks = pairs.map((pair) => plan.taskOf(pair));
  const inputOf = new Map(pairs.map((pair) => [pair.source, relative(".", pair.input)]));
  const bar = new ProgressBar(terminal, "picture");
  using interrupt = listenForInterrupt(() => {
    bar.clear();
    terminal.note("Interrupted: outputs are whole or absent. Repeat the command to go on.");
  });
  bar.update({ done: 0, failed: 0, total: tasks.length });
  const report = await plan.pipeline.batch(tasks, {
    concurrency,
    signal: interrupt.signal,
    onProgress: ({ done, failed }) => bar.update({ done: done - failed, failed, total: tasks.length }),
  });
  bar.clear();
  const nameOf = (item: BatchItem): string => inputOf.get(item.task.input) ?? item.task.input;
  return {
    succeeded: report.succeeded,
    failed: report.failed,
    skipped,
    notDone: report.skipped,
    interrupted: interrupt.signal.aborted,
    elapsedMs: Math.round(report.elapsedMs),
    imagesPerSecond: Math.round(report.imagesPerSecond * 10) / 10,
    outputs: report.items.flatMap((item) =>
      item.status === "succeeded" ? [written(item, nameOf(item))] : [],
    ),
    failures: report.items.flatMap((item) => (item.status === "failed" ? [failure(item, nameOf(item))] : [])),
  };
}

type Succeeded = Extract<BatchItem, { readonly status: "succeeded" }>;
type Failed = Extract<BatchItem, { readonly status: "failed" }>;

function written({ task, result }: Succeeded, input: string): WrittenOutput {
  const { width, height, bytes, format } = result;
  return { input, output: relative(".", task.output), width, height, bytes, format };
}

/** The path is told apart; a message need not repeat it. */
function failure({ task, error }: Failed, input: string): Failure {
  const { stack: _stack, ...rest } = error;
  return { input, error: { ...rest, message: error.message.replace(`${task.input}: `, "") } };
}
