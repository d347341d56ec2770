import { relative } from "node:path";
import type { Step } from "@imgq/filters";
import type { Plan } from "@imgq/pipeline";
import { formatAmount } from "../terminal/format.ts";
import { plainText } from "../terminal/plain-text.ts";
import type { Terminal } from "../terminal/terminal.ts";
import type { NamedOutput } from "./name-outputs.ts";
import type { RunPlan } from "./plan-of-run.ts";

/** What a run would do. Paths are relative to where the command is called. */
export interface RunDescription {
  readonly steps: readonly Step[];
  /** The passes over the pixels of an ordinary picture, what was fused, and why not more. */
  readonly plan: Plan;
  readonly tasks: readonly { readonly input: string; readonly output: string }[];
  /** Finished by an earlier run. */
  readonly skipped: number;
}

/** Files shown to a person; JSON has all. */
const shownFiles = 20;

export function describeRun(
  plan: RunPlan,
  remaining: readonly NamedOutput[],
  finished: readonly NamedOutput[],
): RunDescription {
  return {
    steps: plan.steps,
    plan: plan.pipeline.explain(plan.steps),
    tasks: remaining.map(({ input, output }) => ({
      input: relative(".", input),
      output: relative(".", output),
    })),
    skipped: finished.length,
  };
}

export function renderDescription(
  { steps, plan, tasks, skipped }: RunDescription,
  { paint }: Terminal,
): string {
  const stepLines = steps.map((step, index) => `  ${index + 1}. ${describeStep(step)}`);
  const files = tasks
    .slice(0, shownFiles)
    .map(({ input, output }) => `  ${plainText(input)} ${paint("faint", "→")} ${plainText(output)}`);
  if (tasks.length > shownFiles) files.push(paint("faint", `  … and ${tasks.length - shownFiles} more`));
  return [
    paint("strong", steps.length === 0 ? "No filters: pictures are only encoded again." : "Filters"),
    ...stepLines,
    "",
    paint("strong", formatAmount(plan.passes.length, "pass", "passes")),
    ...plan.text.split("\n").map((line) => `  ${line}`),
    "",
    paint("strong", `${formatAmount(tasks.length, "picture")} to make`),
    ...files,
    ...(skipped === 0
      ? []
      : ["", `${formatAmount(skipped, "picture")} finished already (--force makes them again)`]),
  ].join("\n");
}

/** A step as one would write it. */
function describeStep({ filter, params }: Step): string {
  const pairs = params instanceof Object ? Object.entries(params) : [];
  const values = pairs.map(
    ([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  return pairs.length === 0 ? filter : `${filter}(${values.join(", ")})`;
}
